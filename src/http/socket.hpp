// The socket types of this room, with the executor named so that no call goes through a type-erased one.
#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/basic_resolver.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "base/task.hpp"

namespace poly::http {

using Tcp = boost::asio::ip::tcp;
using Socket = boost::asio::basic_stream_socket<Tcp, Executor>;
using Acceptor = boost::asio::basic_socket_acceptor<Tcp, Executor>;
using Resolver = boost::asio::ip::basic_resolver<Tcp, Executor>;

}  // namespace poly::http
