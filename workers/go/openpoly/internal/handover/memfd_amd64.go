package handover

const systemCallMemfdCreate = 319 // which package syscall does not name
