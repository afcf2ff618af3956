package dev.ancestral.server.ops;

import dev.ancestral.cli.UserError;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.util.Optional;

/** Where the server listens: an internet address and a port, or a Unix domain socket. */
sealed interface Listening extends AutoCloseable permits InternetPort, UnixSocket {
  /**
   * Reads {@code --host} and {@code --port}, and makes way where what an earlier process left is in
   * it.
   *
   * @throws UserError if there is no such address
   * @throws IOException if the file system refuses
   */
  static Listening at(String host, int port) throws IOException {
    return ServerConfig.isSocketFile(host)
        ? new UnixSocket(ServerConfig.socketFile(host))
        : new InternetPort(host, port);
  }

  /** For gRPC. */
  SocketAddress address();

  /** The builder of a server at {@link #address}, with what such an address needs. */
  NettyServerBuilder prepare(NettyServerBuilder builder);

  /** What a client on the same machine reaches the server by. */
  String target(int port);

  /** What there is to say of it, beside the target: that it listens on more than that. */
  Optional<String> wide(int port);

  /** Where else to listen, beside it. */
  InetAddress neighbour();

  /** What one on this machine reaches such a neighbour by. */
  String neighbour(int port);

  /** For a person: the host and the port that were asked for. */
  String name();

  /** Why it cannot be had. */
  default UserError refused(IOException e) {
    return cannotListen("port", name(), e);
  }

  /** Why something cannot be listened on. */
  static UserError cannotListen(String flag, String where, IOException e) {
    return new UserError(
        "%s: cannot listen on %s: %s (expected: an address of this machine and a free port; --%s 0 takes one)"
            .formatted(flag, where, reason(e), flag),
        e);
  }

  /** What the system said, without the call that it said it to. */
  static String reason(IOException e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = String.valueOf(root.getMessage());
    return message.substring(message.lastIndexOf(": ") + 1).strip();
  }

  /** Frees what it holds, once the server has ended. */
  @Override
  void close();
}
