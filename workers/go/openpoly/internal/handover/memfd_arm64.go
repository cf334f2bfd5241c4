package handover

const systemCallMemfdCreate = 279 // which package syscall does not name
