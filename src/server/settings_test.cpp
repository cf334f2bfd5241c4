#include "server/settings.hpp"

#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace poly::server {
namespace {

class File {
 public:
  explicit File(std::string_view text) {
    std::string pattern = (std::filesystem::temp_directory_path() / "polyd-settings-XXXXXX").string();
    const int fd = mkstemp(pattern.data());
    CHECK(fd >= 0);
    path = pattern;
    std::ofstream(path) << text;
    ::close(fd);
  }
  ~File() { std::filesystem::remove(path); }
  std::filesystem::path path;
};

TEST(Settings, AreReadFromAFile) {
  const File file(
      "listen = \"0.0.0.0:9000\"\n[outbound]\nallow_networks = [\"127.0.0.0/8\", "
      "\"10.0.0.0/8\"]\n[runtime]\nidle_seconds = 5\n");
  Settings settings;
  ASSERT_TRUE(apply_file(settings, file.path));
  EXPECT_EQ(settings.address, "0.0.0.0");
  EXPECT_EQ(settings.port, 9000);
  EXPECT_EQ(settings.allowed_networks.size(), 2u);
  EXPECT_EQ(settings.runtime.scaling.idle_after, std::chrono::seconds(5));
}

TEST(Settings, HaveATwinInTheEnvironmentThatWins) {
  const File file("[outbound]\ntotal_seconds = 5\n");
  Settings settings;
  ASSERT_TRUE(apply_file(settings, file.path));
  ASSERT_TRUE(apply_environment(
      settings, {{"POLY_OUTBOUND_TOTAL_SECONDS", "7"}, {"POLY_API_KEY", "of the command line"}}));
  EXPECT_EQ(settings.outbound.total_timeout, std::chrono::seconds(7));
}

std::string refusal(std::string_view text) {
  const File file(text);
  Settings settings;
  const auto applied = apply_file(settings, file.path);
  if (applied) return "";
  return applied.error().message.substr(file.path.string().size());
}

TEST(Settings, ThatNobodyKnowsAreRefusedWithTheirPlace) {
  EXPECT_EQ(refusal("[outbound]\nalow_networks = []\n"),
            ", line 2: outbound.alow_networks is no setting; `polyd settings` lists them");
  Settings settings;
  const auto twin = apply_environment(settings, {{"POLY_OUTBUND_X", "1"}});
  ASSERT_FALSE(twin);
  EXPECT_EQ(twin.error().message,
            "the environment variable POLY_OUTBUND_X is no setting; `polyd settings` lists them");
}

TEST(Settings, WithWrongValuesAreRefusedWithWhatIsRight) {
  EXPECT_EQ(refusal("listen = \"localhost\"\n"),
            ", line 1: listen: 'localhost' is not an address and a port, such as 127.0.0.1:8000");
  EXPECT_EQ(refusal("[runtime]\nidle_seconds = 0\n"),
            ", line 2: runtime.idle_seconds: '0' is not a whole number from 1 to 86400");
  EXPECT_NE(refusal("[outbound]\nallow_networks = [\"127.0.0.0/40\"]\n"), "");
  EXPECT_NE(refusal("listen = \n"), "");
}

TEST(Settings, ThatAreSecretsStayOutOfFiles) {
  EXPECT_EQ(refusal("vault_key = \"x\"\n"),
            ", line 1: vault_key is a secret: give it as the environment variable POLY_VAULT_KEY");
}

TEST(Settings, TakeABootstrapKeyThatIsAUuid) {
  Settings settings;
  EXPECT_FALSE(apply_environment(settings, {{"POLY_BOOTSTRAP_KEY", "secret"}}));
  EXPECT_TRUE(apply_environment(settings, {{"POLY_BOOTSTRAP_KEY", "00000000-0000-4000-8000-000000000001"}}));
  EXPECT_TRUE(settings.bootstrap_key);
}

TEST(Settings, ListenOnIpv6Too) {
  Settings settings;
  ASSERT_TRUE(apply_listen(settings, "[::1]:0"));
  EXPECT_EQ(settings.address, "::1");
  EXPECT_EQ(settings.port, 0);
  EXPECT_FALSE(apply_listen(settings, "127.0.0.1:65536"));
  EXPECT_TRUE(apply_listen(settings, "127.0.0.1:65535"));
}

}  // namespace
}  // namespace poly::server
