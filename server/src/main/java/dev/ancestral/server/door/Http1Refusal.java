package dev.ancestral.server.door;

import io.grpc.netty.shaded.io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.shaded.io.grpc.netty.InternalProtocolNegotiator.ProtocolNegotiator;
import io.grpc.netty.shaded.io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandler;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.socket.DuplexChannel;
import io.grpc.netty.shaded.io.netty.handler.codec.ByteToMessageDecoder;
import io.grpc.netty.shaded.io.netty.util.AsciiString;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests of HTTP/1 in their own language; a browser, a probe and {@code curl} would get
 * bytes that they cannot read. The first bytes of a connection tell: those of HTTP/2 always begin
 * with the same words. Until they have come, nothing is sent and no HTTP/2 is set up.
 *
 * <p>gRPC has no supported place for this; the classes named Internal are those that its own
 * modules use for it (ALTS, xDS), and a version without them would not compile.
 */
final class Http1Refusal implements ProtocolNegotiator {
  private static final byte[] HTTP2 = "PRI * HTTP/2.0".getBytes(StandardCharsets.US_ASCII);
  private static final String WORDS =
      "This port speaks gRPC (HTTP/2, without TLS) and no HTTP/1. Try grpcurl -plaintext, or ancestral sample.\n";
  private static final String ANSWER =
      "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
          + WORDS.length()
          + "\r\nConnection: close\r\n\r\n"
          + WORDS;

  /** For the rest of the request to arrive: what is unread when a connection closes resets it. */
  private static final int GOODBYE_SECONDS = 1;

  private final ProtocolNegotiator http2 = InternalProtocolNegotiators.serverPlaintext();
  private final Consumer<@Nullable SocketAddress> refused;

  /** {@code refused} hears of every client that was refused. */
  Http1Refusal(Consumer<@Nullable SocketAddress> refused) {
    this.refused = refused;
  }

  @Override
  public AsciiString scheme() {
    return http2.scheme();
  }

  @Override
  public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpcHandler) {
    return new FirstBytes(grpcHandler);
  }

  @Override
  public void close() {
    http2.close();
  }

  /** Looks at the first bytes of a connection, then makes way. For the connection's own thread. */
  private final class FirstBytes extends ByteToMessageDecoder {
    private final GrpcHttp2ConnectionHandler grpcHandler;
    private final List<Object> held = new ArrayList<>();
    private boolean answered;

    FirstBytes(GrpcHttp2ConnectionHandler grpcHandler) {
      this.grpcHandler = grpcHandler;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      // It starts HTTP/2.
      held.add(event);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
      if (answered) {
        in.skipBytes(in.readableBytes());
        return;
      }
      int same = 0;
      int known = Math.min(in.readableBytes(), HTTP2.length);
      while (same < known && in.getByte(in.readerIndex() + same) == HTTP2[same]) {
        same++;
      }
      if (same == HTTP2.length) {
        makeWay(context);
      } else if (same < known) {
        int first = in.getByte(in.readerIndex());
        if (first >= 'A' && first <= 'Z') {
          in.skipBytes(in.readableBytes());
          answer(context);
        } else {
          // Whatever it is, HTTP/2 knows how to complain.
          makeWay(context);
        }
      }
    }

    private void makeWay(ChannelHandlerContext context) {
      context.pipeline().addAfter(context.name(), null, http2.newHandler(grpcHandler));
      held.forEach(context::fireUserEventTriggered);
      // What was read goes on to the next.
      context.pipeline().remove(this);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // If it fails, the client is gone.
    private void answer(ChannelHandlerContext context) {
      answered = true;
      refused.accept(context.channel().remoteAddress());
      context
          .writeAndFlush(Unpooled.copiedBuffer(ANSWER, StandardCharsets.US_ASCII))
          .addListener(
              sent -> {
                if (context.channel() instanceof DuplexChannel duplex) {
                  duplex.shutdownOutput();
                }
              });
      context.executor().schedule((Runnable) context::close, GOODBYE_SECONDS, TimeUnit.SECONDS);
    }
  }
}
