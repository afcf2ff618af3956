package dev.ancestral.server.ops;

import dev.ancestral.cli.UserError;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A Unix domain socket, which is a file: who may connect is who may write to it. A file that nobody
 * listens on, which a killed process left, is replaced; ours is removed at the end.
 */
final class UnixSocket implements Listening {
  /** What the system's address holds, less the byte that ends it. */
  private static final int LONGEST = 107;

  private static final long CLOSING_MILLIS = 2_000;

  private final Path file;
  private final EventLoopGroup acceptors;
  private final EventLoopGroup workers;

  /**
   * Makes way.
   *
   * @throws UserError if there are no such sockets here, or something else is in the way
   */
  UnixSocket(Path path) throws IOException {
    this.file = path.toAbsolutePath().normalize();
    if (!Epoll.isAvailable()) {
      throw new UserError(
          "host: unix:%s (expected: an address; sockets in the file system need Linux on x86-64 or aarch64)"
              .formatted(file));
    }
    int bytes = file.toString().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > LONGEST) {
      throw new UserError(
          "host: unix:%s has %d bytes (expected: at most %d)".formatted(file, bytes, LONGEST));
    }
    makeWay(file);
    this.acceptors = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    this.workers = new MultiThreadIoEventLoopGroup(EpollIoHandler.newFactory());
  }

  private static void makeWay(Path file) throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!isSocket(file)) {
      throw new UserError(
          "host: unix:%s is a file that is no socket (expected: a socket, or nothing there)"
              .formatted(file));
    }
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(file));
    } catch (ConnectException e) {
      Files.delete(file);
      return;
    }
    throw new UserError(
        "host: somebody listens on unix:%s already (expected: a socket of its own)"
            .formatted(file));
  }

  private static boolean isSocket(Path file) throws IOException {
    // What is neither a file, a directory nor a link is a socket, a pipe or a device; only to the
    // first can one connect.
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .isOther();
  }

  @Override
  public SocketAddress address() {
    return new DomainSocketAddress(file.toFile());
  }

  @Override
  public UserError refused(IOException e) {
    return new UserError(
        "host: cannot listen on %s: %s (expected: a file in a directory that can be written to)"
            .formatted(name(), Listening.reason(e)),
        e);
  }

  @Override
  public NettyServerBuilder prepare(NettyServerBuilder builder) {
    return builder
        .channelType(EpollServerDomainSocketChannel.class)
        .bossEventLoopGroup(acceptors)
        .workerEventLoopGroup(workers);
  }

  @Override
  public String target(int port) {
    return name();
  }

  @Override
  public Optional<String> wide(int port) {
    return Optional.empty();
  }

  @Override
  public InetAddress neighbour() {
    return InetAddress.getLoopbackAddress();
  }

  @Override
  public String neighbour(int port) {
    return neighbour().getHostAddress() + ":" + port;
  }

  @Override
  public String name() {
    return "unix:" + file;
  }

  @Override
  public void close() {
    acceptors.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(CLOSING_MILLIS);
    workers.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(CLOSING_MILLIS);
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
