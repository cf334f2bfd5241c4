#include "packages/packages.hpp"

#include "base/attempt.hpp"
#include "base/log.hpp"
#include "packages/blocking.hpp"
#include "packages/layer_folder.hpp"
#include "packages/tool_files.hpp"

namespace poly::packages {
namespace fs = std::filesystem;
namespace {

std::map<Ecosystem, std::unique_ptr<Installer>> make_installers(Toolbox& tools) {
  std::map<Ecosystem, std::unique_ptr<Installer>> installers;
  installers.emplace(Ecosystem::npm, make_npm(tools));
  installers.emplace(Ecosystem::pip, make_pip(tools));
  installers.emplace(Ecosystem::maven, make_maven(tools));
  return installers;
}

std::string listed(const std::vector<std::string>& packages) {
  std::string text;
  for (const auto& package : packages) text += (text.empty() ? "" : " ") + package;
  return text;
}

void make_work_folder(const PackageSettings& settings, const WorkFolders& folders) {
  make_folder(folders.work);
  copy_configuration(settings, folders.work);
}

}  // namespace

Packages::Packages(PackageParts parts)
    : parts_(parts),
      tools_(parts.executor, parts.wheel, parts.pool, parts.settings),
      installers_(make_installers(tools_)),
      turns_(parts.executor, parts.settings.installs_at_once, parts.settings.waiting_max),
      tasks_(parts.executor, "packages") {}

Task<void> Packages::load() {
  const auto data = parts_.settings.data;
  auto opening = parts_.pool.run([data] { return open_folders(data); });
  const auto there = co_await std::move(opening);
  auto reading_locks = parts_.store.read(rows::locks());
  const auto locks = co_await std::move(reading_locks);
  for (const auto& row : locks) {
    auto known = rows::lock_of(row);
    layers_[known.hash] = {known.ecosystem, std::move(known.packages), known.unused_since, false};
  }
  auto reading_wishes = parts_.store.read(rows::wishes());
  const auto wishes = co_await std::move(reading_wishes);
  for (const auto& row : wishes) {
    auto known = rows::wish_of(row);
    if (layers_.contains(known.layer)) wishes_[known.hash] = std::move(known.layer);
  }
  for (const auto& hash : there) {
    const auto known = layers_.find(hash);
    if (known == layers_.end()) {
      auto removing = run_blocking(parts_.pool, [place = place_of(hash)] { remove_tree(place); });
      co_await std::move(removing);
      continue;
    }
    known->second.there = true;
  }
  count_layers();
}

void Packages::count_layers() {
  const auto there = std::ranges::count_if(layers_, [](const auto& layer) { return layer.second.there; });
  counters_.layers = static_cast<std::uint64_t>(there);
}

Installer& Packages::installer(Ecosystem ecosystem) {
  return *installers_.at(ecosystem);
}

fs::path Packages::place_of(const std::string& hash) const {
  return fs::absolute(layers_folder(parts_.settings.data)) / hash;
}

Layer Packages::layer_of(const std::string& hash) const {
  return {.hash = hash, .folder = place_of(hash), .locked = layers_.at(hash).packages};
}

void Packages::tell(const std::string& wish, Step step) {
  const auto found = running_.find(wish);
  if (found == running_.end()) return;
  for (const auto& listener : found->second->listening) {
    if (listener) listener(step);
  }
}

Task<Layer> Packages::install(spec::Language language, std::vector<std::string> requirements,
                              Progress progress) {
  Wish wish;
  wish.ecosystem = ecosystem_of(language);
  if (requirements.size() > parts_.settings.requirements_max) {
    throw Failure(ErrorKind::bad_request,
                  "$.requirements: has " + std::to_string(requirements.size()) + " packages, and " +
                      std::to_string(parts_.settings.requirements_max) + " are the most");
  }
  wish.requirements = requirements_from(wish.ecosystem, requirements);
  auto asking = installer(wish.ecosystem).engine();
  wish.engine = co_await std::move(asking);
  wish.hash = wish_hash(wish.ecosystem, wish.engine, wish.requirements);

  const auto known = wishes_.find(wish.hash);
  if (known != wishes_.end() && layers_.at(known->second).there) {
    auto& layer = layers_.at(known->second);
    layer.unused_since.reset();
    ++counters_.reused;
    if (progress) progress({Stage::reused, layer.packages.size()});
    auto found = layer_of(known->second);
    found.reused = true;
    co_return found;
  }
  if (closing_) throw Failure(ErrorKind::unavailable, "the server is stopping");
  auto& running = running_[wish.hash];
  const bool first = !running;
  if (first) running = std::make_shared<Running>();
  const auto mine = std::make_shared<OneShot<Layer>>(parts_.executor);
  running->waiting.push_back(mine);
  running->listening.push_back(std::move(progress));
  if (first) tasks_.spawn(work(std::move(wish)));
  auto waiting = mine->wait();
  co_return co_await std::move(waiting);
}

// One installation and its end, told to all that wait for it.
Task<void> Packages::work(Wish wish) {
  const auto hash = wish.hash;
  const auto began = parts_.clock.instant();
  auto making = attempt(make(std::move(wish)));
  auto outcome = co_await std::move(making);
  if (!outcome && closing_) outcome = fail(ErrorKind::unavailable, "the server is stopping");
  if (outcome) {
    outcome->took = std::chrono::duration_cast<std::chrono::milliseconds>(parts_.clock.instant() - began);
  } else {
    ++counters_.failed;
    log(LogLevel::warn, "packages were not installed", {{"error", outcome.error().message}});
  }
  const auto running = std::move(running_.extract(hash).mapped());
  for (const auto& waiting : running->waiting) waiting->deliver(outcome);
}

WorkFolders Packages::new_folders() {
  const auto name = parts_.ids.next().text();
  const auto data = fs::absolute(parts_.settings.data);
  const auto cache = cache_folder(data);
  return {cache / ("work-" + name), layers_folder(data) / ("new-" + name), shared_home(parts_.settings),
          cache / ("work-home-" + name)};
}

Task<Layer> Packages::make(Wish wish) {
  auto taking = turns_.take();
  const auto turn = co_await std::move(taking);
  const auto folders = new_folders();
  auto making = attempt(resolve_and_install(std::move(wish), folders));
  auto layer = co_await std::move(making);
  auto cleaning = clean(folders);
  co_await std::move(cleaning);
  co_return value_or_throw(std::move(layer));
}

Task<void> Packages::clean(WorkFolders folders) {
  auto cleaning = run_blocking(parts_.pool, [folders] {
    remove_tree(folders.work);
    remove_tree(folders.fresh);
    remove_tree(folders.own_home);
  });
  co_await std::move(cleaning);
}

Task<Layer> Packages::resolve_and_install(Wish wish, WorkFolders folders) {
  tell(wish.hash, {Stage::resolving});
  auto preparing = run_blocking(parts_.pool, [this, folders] { make_work_folder(parts_.settings, folders); });
  co_await std::move(preparing);
  auto locking = lock_for(wish, folders);
  auto lock = co_await std::move(locking);
  const auto hash = layer_hash(wish.ecosystem, wish.engine, lock);

  const auto known = layers_.find(hash);
  const bool reused = known != layers_.end() && known->second.there;
  if (reused) known->second.unused_since.reset();
  tell(wish.hash, {reused ? Stage::reused : Stage::installing, lock.packages.size()});
  if (!reused) {
    auto installing = install_lock(wish.ecosystem, hash, lock, folders);
    co_await std::move(installing);
  }
  ++(reused ? counters_.reused : counters_.installed);
  auto noting = parts_.store.write(rows::remember(wish.hash, hash, wish.ecosystem, lock));
  co_await std::move(noting);
  wishes_[wish.hash] = hash;
  auto& layer = layers_[hash];
  if (!reused) layer = {wish.ecosystem, std::move(lock.packages), std::nullopt, true};
  count_layers();
  auto found = layer_of(hash);
  found.reused = reused;
  co_return found;
}

// What was resolved once stays so, also when its folder was lost.
Task<Lock> Packages::lock_for(Wish wish, WorkFolders folders) {
  const auto known = wishes_.find(wish.hash);
  if (known != wishes_.end()) {
    auto reading = parts_.store.read(rows::content(known->second));
    const auto stored = co_await std::move(reading);
    if (!stored.empty()) co_return rows::content_of(stored[0]);
  }
  auto resolving = installer(wish.ecosystem).resolve(std::move(wish.requirements), std::move(folders));
  co_return co_await std::move(resolving);
}

Task<void> Packages::install_lock(Ecosystem ecosystem, std::string hash, Lock lock, WorkFolders folders) {
  log(LogLevel::info, "installing packages",
      {{"layer", hash}, {"ecosystem", word_of(ecosystem)}, {"packages", listed(lock.packages)}});
  auto preparing = run_blocking(parts_.pool, [this, folders] {
    make_work_folder(parts_.settings, folders);
    make_folder(folders.fresh);
  });
  co_await std::move(preparing);
  auto installing = installer(ecosystem).install(std::move(lock), folders);
  co_await std::move(installing);
  auto sealing = run_blocking(parts_.pool, [fresh = folders.fresh, place = place_of(hash),
                                            bytes_max = parts_.settings.layer_bytes_max] {
    require_light(bytes_below(fresh), bytes_max);
    make_read_only(fresh);
    move_into_place(fresh, place);
  });
  co_await std::move(sealing);
}

Task<void> Packages::restore(std::set<std::string> layers) {
  for (const auto& hash : layers) {
    const auto known = layers_.find(hash);
    if (known == layers_.end()) {
      log(LogLevel::error, "a function's packages are not known: deploy it again", {{"layer", hash}});
    } else if (!known->second.there && !closing_) {
      tasks_.spawn(restore_one(hash));
    }
  }
  co_return;
}

Task<void> Packages::restore_one(std::string hash) {
  auto taking = turns_.take();
  const auto turn = co_await std::move(taking);
  auto reading = parts_.store.read(rows::content(hash));
  const auto stored = co_await std::move(reading);
  if (stored.empty()) co_return;
  const auto ecosystem = layers_.at(hash).ecosystem;
  const auto folders = new_folders();
  auto installing = attempt(install_lock(ecosystem, hash, rows::content_of(stored[0]), folders));
  auto installed = co_await std::move(installing);
  auto cleaning = clean(folders);
  co_await std::move(cleaning);
  value_or_throw(std::move(installed));
  ++counters_.installed;
  layers_.at(hash).there = true;
  count_layers();
}

Task<void> Packages::sweep(std::set<std::string> in_use) {
  const auto now = parts_.clock.now();
  std::vector<store::Statement> changes;
  std::vector<std::string> unused;
  for (auto& [hash, layer] : layers_) {
    if (in_use.contains(hash)) {
      if (layer.unused_since) changes.push_back(rows::set_unused(hash, std::nullopt));
      layer.unused_since.reset();
    } else if (!layer.unused_since) {
      layer.unused_since = now;
      changes.push_back(rows::set_unused(hash, now));
    } else if (now - *layer.unused_since >= parts_.settings.unused_kept_for) {
      unused.push_back(hash);
    }
  }
  for (const auto& hash : unused) {
    auto removing = remove(hash);
    co_await std::move(removing);
  }
  if (changes.empty()) co_return;
  auto writing = parts_.store.write(std::move(changes));
  co_await std::move(writing);
}

// First nobody can find it any more, then it goes.
Task<void> Packages::remove(std::string hash) {
  const auto known = layers_.find(hash);
  if (known == layers_.end() || !known->second.unused_since) co_return;  // used again meanwhile
  layers_.erase(known);
  count_layers();
  std::erase_if(wishes_, [&hash](const auto& wish) { return wish.second == hash; });
  ++counters_.removed;
  const auto place = place_of(hash);
  const auto doomed = new_folders().fresh;
  std::error_code gone;
  fs::rename(place, doomed, gone);
  auto forgetting = parts_.store.write(rows::forget(hash));
  co_await std::move(forgetting);
  auto removing = run_blocking(parts_.pool, [doomed] { remove_tree(doomed); });
  co_await std::move(removing);
  log(LogLevel::info, "removed packages that nothing uses", {{"layer", hash}});
}

Task<void> Packages::close() {
  closing_ = true;
  tasks_.cancel();
  auto joining = tasks_.join();
  co_await std::move(joining);
}

}  // namespace poly::packages
