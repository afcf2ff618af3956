package dev.ancestral.server.door;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers bytes that are no message of their method with {@code INVALID_ARGUMENT}. gRPC itself
 * takes what a marshaller throws for a fault of the server: {@code UNKNOWN}, and a stack trace in
 * the log. So here a message that cannot be read is a value, and the call is closed where it
 * arrives.
 */
final class MessageGuard {
  /**
   * What arrived: a message, or why there is none.
   *
   * @param refusal the status to answer with; null where there is a message
   */
  record Incoming<A>(@Nullable A message, @Nullable Status refusal) {}

  private MessageGuard() {}

  /** The same service behind the guard. */
  static ServerServiceDefinition of(ServerServiceDefinition service) {
    List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>();
    for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
      methods.add(guarded(method));
    }
    ServiceDescriptor original = service.getServiceDescriptor();
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(original.getName())
            // Reflection reads it.
            .setSchemaDescriptor(original.getSchemaDescriptor());
    methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
    ServerServiceDefinition.Builder guarded = ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(guarded::addMethod);
    return guarded.build();
  }

  private static <A, B> ServerMethodDefinition<Incoming<A>, B> guarded(
      ServerMethodDefinition<A, B> method) {
    MethodDescriptor<A, B> descriptor = method.getMethodDescriptor();
    return ServerMethodDefinition.create(
        descriptor.toBuilder(
                new Reader<>(descriptor.getRequestMarshaller(), descriptor.getFullMethodName()),
                descriptor.getResponseMarshaller())
            .build(),
        (call, headers) -> GuardedCall.start(call, headers, method));
  }

  /** Reads messages, and never throws over their bytes. */
  private record Reader<A>(Marshaller<A> marshaller, String method)
      implements Marshaller<Incoming<A>> {
    @Override
    public InputStream stream(Incoming<A> value) {
      A message = value.message();
      if (message == null) {
        throw new IllegalArgumentException("message: none (expected: one, to send it)");
      }
      return marshaller.stream(message);
    }

    @Override
    public Incoming<A> parse(InputStream stream) {
      try {
        return new Incoming<>(marshaller.parse(stream), null);
      } catch (StatusRuntimeException e) {
        // Another status is that of the stream itself, such as of a message over the limit.
        return new Incoming<>(
            null,
            e.getCause() instanceof InvalidProtocolBufferException broken
                ? Status.INVALID_ARGUMENT.withDescription(
                    "request: its bytes cannot be read: %s (expected: the message that %s takes)"
                        .formatted(broken.getMessage(), method))
                : e.getStatus());
      }
    }
  }
}
