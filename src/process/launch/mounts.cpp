#include "process/launch/mounts.hpp"

#include <climits>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "process/launch/system_paths.hpp"

namespace poly::launch {
namespace {

constexpr const char* root_options = "mode=755,size=1m";
constexpr mode_t folder_mode = 0755;
constexpr mode_t file_mode = 0644;

struct Link {
  const char* path;
  const char* target;
};
constexpr Link links[] = {
    {"/dev/fd", "/proc/self/fd"},       {"/dev/stdin", "/proc/self/fd/0"}, {"/dev/stdout", "/proc/self/fd/1"},
    {"/dev/stderr", "/proc/self/fd/2"}, {"/dev/shm", private_scratch},     {"/var/tmp", private_scratch},
};

// The new root while it is still a folder of the old one.
class Root final {
 public:
  explicit Root(const char* folder) : folder_(folder) {}

  Outcome make(const char* path, bool is_folder) {
    if (!place(path)) return failed("root", path);
    for (char* slash = std::strchr(path_ + std::strlen(folder_) + 1, '/'); slash;
         slash = std::strchr(slash + 1, '/')) {
      *slash = '\0';
      const bool made = make_folder();
      *slash = '/';
      if (!made) return failed("root", path);
    }
    if (!(is_folder ? make_folder() : make_file())) return failed("root", path);
    return {};
  }

  Outcome link(const Link& wanted) {
    if (auto made = make_parent_of(wanted.path); !made) return made;
    if (!place(wanted.path) || symlink(wanted.target, path_) != 0) return failed("root", wanted.path);
    return {};
  }

  // Shows what the host has there, with all that is mounted below.
  Outcome show(const char* path) {
    struct stat status{};
    char target[PATH_MAX];
    if (lstat(path, &status) != 0) return failed("mount", path);
    const auto length = S_ISLNK(status.st_mode) ? readlink(path, target, sizeof(target) - 1) : 0;
    if (stat(path, &status) != 0) return failed("mount", path);
    const bool is_folder = S_ISDIR(status.st_mode);
    if (is_folder && length > 0) {  // such as /bin, which stands for /usr/bin
      target[length] = '\0';
      return link({path, target});
    }
    if (auto made = make(path, is_folder); !made) return made;
    return bind(path);
  }

  Outcome show_if_there(const char* path) {
    if (access(path, F_OK) != 0) return {};
    return show(path);
  }

  Outcome bind(const char* path) {
    if (!place(path) || mount(path, path_, nullptr, MS_BIND | MS_REC, nullptr) != 0)
      return failed("mount", path);
    return {};
  }

  Outcome mount_new(const char* kind, const char* path, unsigned long flags, const char* options) {
    if (!place(path) || mount(kind, path_, kind, flags, options) != 0) return failed("mount", path);
    return {};
  }

  // Where the host has it, until the next call.
  const char* place_of(const char* path) { return place(path) ? path_ : ""; }

 private:
  bool place(const char* path) {
    const int length = std::snprintf(path_, sizeof(path_), "%s%s", folder_, path);
    errno = ENAMETOOLONG;
    return length > 0 && static_cast<std::size_t>(length) < sizeof(path_);
  }
  Outcome make_parent_of(const char* path) {
    char parent[PATH_MAX];
    std::snprintf(parent, sizeof(parent), "%s", path);
    char* slash = std::strrchr(parent, '/');
    if (slash == parent) return {};
    *slash = '\0';
    return make(parent, true);
  }
  bool make_folder() { return mkdir(path_, folder_mode) == 0 || errno == EEXIST; }
  bool make_file() {
    const int file = open(path_, O_WRONLY | O_CREAT | O_CLOEXEC, file_mode);
    if (file >= 0) close(file);
    return file >= 0;
  }

  const char* folder_;
  char path_[PATH_MAX]{};
};

bool is_at_or_below(const char* path, const char* folder) {
  const auto length = std::strlen(folder);
  return std::strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

// A mount point inside of a folder that is shown already would be made on the host.
bool is_shown_already(const Plan& plan, std::size_t index) {
  const char* path = plan.readable.texts[index];
  for (const char* folder : system_paths) {
    if (is_at_or_below(path, folder)) return true;
  }
  for (const char* folder : plan.readable.all().first(index)) {
    if (is_at_or_below(path, folder)) return true;
  }
  return false;
}

Outcome show_files(Root& root, const Plan& plan) {
  for (const char* path : system_paths) {
    if (auto shown = root.show_if_there(path); !shown) return shown;
  }
  for (const char* path : network_paths) {
    if (!plan.network) break;
    if (auto shown = root.show_if_there(path); !shown) return shown;
  }
  for (std::size_t index = 0; index < plan.readable.count; ++index) {
    if (is_shown_already(plan, index)) continue;
    if (auto shown = root.show(plan.readable.texts[index]); !shown) return shown;
  }
  for (const char* folder : plan.writable.all()) {
    if (auto shown = root.show(folder); !shown) return shown;
  }
  return {};
}

// Names for what is mounted once the root is read-only.
Outcome make_places(Root& root) {
  for (const char* device : devices) {
    if (auto made = root.make(device, false); !made) return made;
  }
  for (const auto& link : links) {
    if (auto made = root.link(link); !made) return made;
  }
  return root.make("/proc", true);
}

// Comes first: what may be read can lie below the same name.
Outcome mount_scratch(Root& root, const Plan& plan) {
  if (auto made = root.make(private_scratch, true); !made) return made;
  char options[64];
  std::snprintf(options, sizeof(options), "mode=1777,size=%llu", plan.scratch_bytes_max);
  return root.mount_new("tmpfs", private_scratch, MS_NOSUID | MS_NODEV, options);
}

Outcome set_attributes(const char* folder, unsigned flags, const mount_attr& attributes) {
  auto wanted = attributes;
  if (mount_setattr(AT_FDCWD, folder, flags, &wanted, sizeof(wanted)) != 0)
    return failed("mount_setattr", folder);
  return {};
}

Outcome make_read_only(Root& root, const Plan& plan) {
  mount_attr narrow{}, widen{};
  narrow.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
  widen.attr_clr = MOUNT_ATTR_RDONLY;
  if (auto set = set_attributes(root.place_of(""), AT_RECURSIVE, narrow); !set) return set;
  for (const char* folder : plan.writable.all()) {
    if (auto set = set_attributes(root.place_of(folder), 0, widen); !set) return set;
  }
  return set_attributes(root.place_of(private_scratch), 0, widen);
}

Outcome fill_places(Root& root) {
  for (const char* device : devices) {
    if (auto bound = root.bind(device); !bound) return bound;
  }
  return root.mount_new("proc", "/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr);
}

// Both lie at the same place for a moment, and then only the new one is there.
Outcome change_root(const char* folder) {
  if (chdir(folder) != 0) return failed("chdir", folder);
  if (syscall(SYS_pivot_root, ".", ".") != 0) return failed("pivot_root", folder);
  if (umount2(".", MNT_DETACH) != 0) return failed("umount");
  if (chdir("/") != 0) return failed("chdir", "/");
  return {};
}

}  // namespace

Outcome enter_own_root(const Plan& plan) {
  errno = EINVAL;
  if (!plan.scratch) return failed("namespaces", "need scratch=");
  if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return failed("mount", "/");
  // The folder is only where the new root is put up; the scratch folder inside is another one.
  Root root(plan.scratch);
  if (auto mounted = root.mount_new("tmpfs", "", MS_NOSUID | MS_NODEV, root_options); !mounted)
    return mounted;
  if (auto mounted = mount_scratch(root, plan); !mounted) return mounted;
  if (auto shown = show_files(root, plan); !shown) return shown;
  if (auto made = make_places(root); !made) return made;
  if (auto narrowed = make_read_only(root, plan); !narrowed) return narrowed;
  if (auto filled = fill_places(root); !filled) return filled;
  return change_root(plan.scratch);
}

}  // namespace poly::launch
