#include <filesystem>
#include <fstream>

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <gmock/gmock.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/error.hpp"
#include "http/testing.hpp"

namespace poly::http {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using std::chrono::milliseconds;
using ::testing::HasSubstr;
using testing::World;

struct KeyPair {
  std::string certificate_pem;
  std::string key_pem;
};

std::string text_of(BIO* memory) {
  char* bytes = nullptr;
  const auto size = BIO_get_mem_data(memory, &bytes);
  std::string text(bytes, static_cast<std::size_t>(size));
  BIO_free(memory);
  return text;
}

// Signed by itself, valid for an hour for the names given ("DNS:localhost").
KeyPair certificate_for(const char* names) {
  auto* key = EVP_EC_gen("P-256");
  auto* certificate = X509_new();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  auto* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"), -1, -1,
                             0);
  X509_set_issuer_name(certificate, name);
  auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  X509_sign(certificate, key, EVP_sha256());

  auto* certificate_text = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(certificate_text, certificate);
  auto* key_text = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(key_text, key, nullptr, nullptr, 0, nullptr, nullptr);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return {text_of(certificate_text), text_of(key_text)};
}

// Answers every request on every connection; it may end a connection without TLS's own goodbye.
class TlsUpstream final {
 public:
  TlsUpstream(World& world, const KeyPair& certificate, std::string reply)
      : world_(world),
        context_(ssl::context::tls_server),
        acceptor_(world.executor(), Tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
        reply_(std::move(reply)),
        tasks_(world.executor(), "upstream") {
    context_.use_certificate_chain(asio::buffer(certificate.certificate_pem));
    context_.use_private_key(asio::buffer(certificate.key_pem), ssl::context::pem);
    tasks_.spawn(accept());
  }
  // One that answers nobody but `clients`.
  TlsUpstream(World& world, const KeyPair& certificate, std::string reply,
              const std::vector<KeyPair>& clients)
      : TlsUpstream(world, certificate, std::move(reply)) {
    context_.set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
    for (const auto& client : clients)
      context_.add_certificate_authority(asio::buffer(client.certificate_pem));
  }
  ~TlsUpstream() {
    world_.on_loop([this] { tasks_.cancel(); });
    world_.run_until([this] { return tasks_.size() == 0; });
  }

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  int connections() const { return connections_; }
  const std::string& server_name() const { return server_name_; }

 private:
  Task<void> accept() {
    for (;;) {
      auto accepting = acceptor_.async_accept(use_task);
      auto socket = co_await std::move(accepting);
      ++connections_;
      tasks_.spawn(serve(std::move(socket)));
    }
  }

  Task<void> serve(Socket socket) {
    ssl::stream<Socket> stream(std::move(socket), context_);
    boost::system::error_code problem;
    auto token = asio::redirect_error(use_task, problem);
    auto handshaking = stream.async_handshake(ssl::stream_base::server, std::move(token));
    co_await std::move(handshaking);
    if (const auto* name = SSL_get_servername(stream.native_handle(), TLSEXT_NAMETYPE_host_name))
      server_name_ = name;
    std::string piece(16 << 10, '\0');
    while (!problem) {
      auto read_token = asio::redirect_error(use_task, problem);
      const auto room = asio::buffer(piece);
      auto reading = stream.async_read_some(room, std::move(read_token));
      const auto count = co_await std::move(reading);
      if (problem || !piece.substr(0, count).ends_with("\r\n\r\n")) continue;
      auto write_token = asio::redirect_error(use_task, problem);
      const auto bytes = asio::buffer(reply_);
      auto writing = asio::async_write(stream, bytes, std::move(write_token));
      co_await std::move(writing);
      if (!reply_.contains("Content-Length")) co_return;
    }
  }

  World& world_;
  ssl::context context_;
  Acceptor acceptor_;
  const std::string reply_;
  TaskGroup tasks_;
  std::string server_name_;
  int connections_ = 0;
};

struct TlsTest : ::testing::Test {
  World world;
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("openpoly-tls-" + std::to_string(getpid()));

  TlsTest() { std::filesystem::create_directories(folder); }
  ~TlsTest() override { std::filesystem::remove_all(folder); }

  ClientOptions trusting(const KeyPair& certificate) {
    const auto path = folder / "ca.pem";
    std::ofstream(path) << certificate.certificate_pem;
    return {
        .addresses = AddressFilter({Network::parse("127.0.0.0/8").value(), Network::parse("::1").value()}),
        .extra_ca_file = path.string()};
  }

  static ClientRequest to(std::string host, std::uint16_t port) {
    ClientRequest request;
    request.url.origin = {Scheme::https, std::move(host), port};
    return request;
  }

  std::string failure(Client& client, ClientRequest request) {
    try {
      world.run(client.send(std::move(request)));
    } catch (const Failure& thrown) {
      EXPECT_EQ(thrown.error().kind, ErrorKind::upstream);
      return thrown.error().message;
    }
    return "no failure";
  }
};

constexpr const char* ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

TEST_F(TlsTest, AcceptsACertificateOfATrustedFileAndKeepsTheConnection) {
  const auto certificate = certificate_for("DNS:localhost");
  TlsUpstream upstream(world, certificate, ok);
  Client client(world.executor(), world.wheel, trusting(certificate));
  EXPECT_EQ(world.run(client.send(to("localhost", upstream.port()))).body, "ok");
  const auto second = world.run(client.send(to("localhost", upstream.port())));
  EXPECT_TRUE(second.timings.reused);
  EXPECT_EQ(upstream.connections(), 1);
  EXPECT_EQ(upstream.server_name(), "localhost");
  auto post = to("localhost", upstream.port());
  post.method = Method::post;
  post.body = std::string(100'000, 'x') + "\r\n\r\n";
  EXPECT_EQ(world.run(client.send(std::move(post))).body, "ok");
}

TEST_F(TlsTest, ChecksAnAddressAgainstTheCertificateAndSendsItInNoHello) {
  const auto certificate = certificate_for("IP:127.0.0.1");
  TlsUpstream upstream(world, certificate, ok);
  Client client(world.executor(), world.wheel, trusting(certificate));
  EXPECT_EQ(world.run(client.send(to("127.0.0.1", upstream.port()))).body, "ok");
  EXPECT_EQ(upstream.server_name(), "");
  EXPECT_THAT(failure(client, to("127.0.0.2", upstream.port())), HasSubstr("connection refused"));
  EXPECT_THAT(failure(client, to("localhost", upstream.port())),
              HasSubstr("the certificate is not accepted: hostname mismatch"));
}

TEST_F(TlsTest, RefusesACertificateOfAnotherHost) {
  const auto certificate = certificate_for("DNS:other.example");
  TlsUpstream upstream(world, certificate, ok);
  Client client(world.executor(), world.wheel, trusting(certificate));
  EXPECT_THAT(failure(client, to("localhost", upstream.port())),
              HasSubstr("https://localhost:" + std::to_string(upstream.port()) +
                        ": the certificate is not accepted: hostname mismatch"));
  EXPECT_EQ(client.counters().connections_open, 0U);
}

TEST_F(TlsTest, RefusesACertificateThatNobodyTrusts) {
  TlsUpstream upstream(world, certificate_for("DNS:localhost"), ok);
  Client client(world.executor(), world.wheel, trusting(certificate_for("DNS:localhost")));
  EXPECT_THAT(failure(client, to("localhost", upstream.port())),
              HasSubstr("the certificate is not accepted: self"));
}

TEST_F(TlsTest, TakesNoCutConnectionForTheEndOfABody) {
  const auto certificate = certificate_for("DNS:localhost");
  TlsUpstream upstream(world, certificate, "HTTP/1.1 200 OK\r\n\r\nhalf of it");
  Client client(world.executor(), world.wheel, trusting(certificate));
  EXPECT_THAT(failure(client, to("localhost", upstream.port())),
              HasSubstr("after 10 bytes of a body that had not ended"));
}

TEST_F(TlsTest, SaysThatTheOtherSideSpeaksNoTls) {
  Acceptor acceptor(world.executor(), Tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  acceptor.async_accept([](boost::system::error_code, Socket socket) {
    boost::system::error_code gone;
    asio::write(socket, asio::buffer(std::string("HTTP/1.1 400 Bad Request\r\n\r\n")), gone);
  });
  Client client(world.executor(), world.wheel, trusting(certificate_for("DNS:localhost")));
  EXPECT_THAT(failure(client, to("127.0.0.1", acceptor.local_endpoint().port())),
              HasSubstr("TLS handshake failed"));
}

TEST_F(TlsTest, EndsAHandshakeAtTheConnectTimeout) {
  Acceptor acceptor(world.executor(), Tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  std::optional<Socket> silent;
  acceptor.async_accept(
      [&silent](boost::system::error_code, Socket socket) { silent.emplace(std::move(socket)); });
  Client client(world.executor(), world.wheel, trusting(certificate_for("DNS:localhost")));
  std::exception_ptr problem;
  bool done = false;
  asio::co_spawn(world.context, client.send(to("127.0.0.1", acceptor.local_endpoint().port())),
                 [&](std::exception_ptr thrown, const ClientResponse&) {
                   problem = thrown;
                   done = true;
                 });
  world.run_until([&silent] { return silent.has_value() && silent->available() > 0; });
  world.pass(milliseconds(10'010));
  world.run_until([&done] { return done; });
  EXPECT_EQ(error_of(problem).kind, ErrorKind::timeout);
  EXPECT_THAT(error_of(problem).message, HasSubstr("no TLS connection within 10000 ms"));
}

std::shared_ptr<const ClientCertificate> own(const KeyPair& pair) {
  return ClientCertificate::read(pair.certificate_pem, pair.key_pem).value();
}

TEST_F(TlsTest, ShowsItsCertificateToAServerThatAsksForOne) {
  const auto certificate = certificate_for("DNS:localhost");
  const auto client_pair = certificate_for("DNS:client");
  TlsUpstream upstream(world, certificate, ok, {client_pair});
  Client client(world.executor(), world.wheel, trusting(certificate));
  auto request = to("localhost", upstream.port());
  EXPECT_THAT(failure(client, request), HasSubstr("https://localhost:"));
  request.certificate = own(client_pair);
  EXPECT_EQ(world.run(client.send(request)).body, "ok");
  EXPECT_TRUE(world.run(client.send(request)).timings.reused);
  request.certificate = own(certificate_for("DNS:stranger"));
  EXPECT_THAT(failure(client, request), HasSubstr("https://localhost:"));
}

TEST_F(TlsTest, KeepsConnectionsWithDifferentCertificatesApart) {
  const auto certificate = certificate_for("DNS:localhost");
  const auto first = certificate_for("DNS:first"), second = certificate_for("DNS:second");
  TlsUpstream upstream(world, certificate, ok);
  Client client(world.executor(), world.wheel, trusting(certificate));
  auto request = to("localhost", upstream.port());
  for (int round = 0; round < 2; ++round) {
    for (const auto& shown : {std::shared_ptr<const ClientCertificate>(), own(first), own(second)}) {
      request.certificate = shown;
      EXPECT_EQ(world.run(client.send(request)).timings.reused, round == 1);
    }
  }
  EXPECT_EQ(upstream.connections(), 3);
  EXPECT_EQ(client.counters().connections_idle, 3U);
}

TEST(ClientCertificate, IsRefusedWithoutRepeatingWhatItsTextsHold) {
  const auto one = certificate_for("DNS:one"), other = certificate_for("DNS:other");
  const auto problem = [](std::string_view certificates, std::string_view key) {
    return ClientCertificate::read(certificates, key).error().message;
  };
  EXPECT_EQ(problem("secret", one.key_pem), "the client certificate: not a certificate in PEM");
  EXPECT_EQ(problem(one.certificate_pem, "secret"),
            "the key of the client certificate: not a private key in PEM without a passphrase");
  EXPECT_EQ(problem(one.certificate_pem, other.key_pem), "the key is not the one of the client certificate");
  EXPECT_EQ(own(one)->fingerprint(), own(one)->fingerprint());
  EXPECT_NE(own(one)->fingerprint(), own(other)->fingerprint());
}

TEST_F(TlsTest, NamesACaFileThatCannotBeUsed) {
  try {
    Client client(world.executor(), world.wheel, {.extra_ca_file = "/nowhere/ca.pem"});
    ADD_FAILURE() << "the file does not exist";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.error().kind, ErrorKind::bad_request);
    EXPECT_THAT(failure.error().message, HasSubstr("CA file '/nowhere/ca.pem'"));
  }
}

}  // namespace
}  // namespace poly::http
