package dev.ancestral.server.ops;

import dev.ancestral.cli.UserError;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;

/** An address of this machine, or all of them, and a port. */
final class InternetPort implements Listening {
  private final InetSocketAddress address;
  private final String host;

  /**
   * Looks the host up.
   *
   * @param host a name, or an address of either version, with or without brackets
   * @throws UserError if it is not known
   */
  InternetPort(String host, int port) {
    this.host = printed(host);
    this.address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new UserError(
          "host: %s is not known (expected: a name or an address of this machine)".formatted(host));
    }
  }

  @Override
  public SocketAddress address() {
    return address;
  }

  @Override
  public NettyServerBuilder prepare(NettyServerBuilder builder) {
    return builder;
  }

  /** Of all addresses, the loopback one. */
  @Override
  public String target(int port) {
    if (!isWide()) {
      return host + ":" + port;
    }
    return (address.getAddress() instanceof Inet6Address ? "[::1]:" : "127.0.0.1:") + port;
  }

  @Override
  public Optional<String> wide(int port) {
    return isWide()
        ? Optional.of("every address of this machine (%s), port %d".formatted(host, port))
        : Optional.empty();
  }

  private boolean isWide() {
    return address.getAddress().isAnyLocalAddress();
  }

  @Override
  public InetAddress neighbour() {
    return address.getAddress();
  }

  @Override
  public String neighbour(int port) {
    return target(port);
  }

  @Override
  public String name() {
    return host + ":" + address.getPort();
  }

  @Override
  public void close() {}

  /** The host as it stands before a colon and a port: an address of version 6 has its own. */
  private static String printed(String host) {
    return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
  }
}
