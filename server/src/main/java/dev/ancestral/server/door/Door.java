package dev.ancestral.server.door;

import dev.ancestral.server.engine.Ticker;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.InternalNettyServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * The door of a gRPC server. Thread-safe; somebody calls {@link #tick} now and then, and {@link
 * #close} last.
 */
public final class Door {
  private final RequestLog log;

  /**
   * A door.
   *
   * @param logged which requests get a line in the log
   * @param models the name of the model that a request means, from the one that it gives
   * @param ticker the clock of the log
   */
  public Door(LoggedRequests logged, UnaryOperator<String> models, Ticker ticker) {
    this.log = new RequestLog(logged, models, ticker);
  }

  /** A server at this address, which has yet to get its services. */
  public NettyServerBuilder at(SocketAddress address) {
    return NettyServerBuilder.forAddress(
            address, InternalNettyServerCredentials.create(new Http1Refusal(log::refusedHttp1)))
        // As often as they like: balancers and meshes ping every ten seconds or so, clients that
        // wait
        // in the queue too, and gRPC would send them away for more than one in five minutes. A ping
        // costs less than a call, and calls have no such limit either.
        .permitKeepAliveTime(0, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .addStreamTracerFactory(log);
  }

  /** The service, which now hears of whole messages alone. */
  public ServerServiceDefinition guard(BindableService service) {
    return guard(service.bindService());
  }

  /** The service, which now hears of whole messages alone. */
  public ServerServiceDefinition guard(ServerServiceDefinition service) {
    return MessageGuard.of(service);
  }

  /** Logs the sums of repeats that are due. */
  public void tick() {
    log.tick();
  }

  /** Logs the sums of repeats that are left. */
  public void close() {
    log.close();
  }
}
