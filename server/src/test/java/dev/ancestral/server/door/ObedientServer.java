package dev.ancestral.server.door;

import dev.ancestral.v1.GetModelRequest;
import dev.ancestral.v1.Model;
import dev.ancestral.v1.ModelsGrpc;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SampleResponse;
import dev.ancestral.v1.SamplerGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.services.ChannelzService;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** A server on loopback behind a door, whose services do as they are told. */
final class ObedientServer implements AutoCloseable {
  static final int LARGEST_MESSAGE = 10_000;

  private final Server server;

  private ObedientServer(Server server) {
    this.server = server;
  }

  static ObedientServer behind(Door door) {
    try {
      return new ObedientServer(
          door.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .maxInboundMessageSize(LARGEST_MESSAGE)
              .addService(door.guard(new ObedientSampler()))
              .addService(door.guard(new FailingModels()))
              .addService(door.guard(new HealthStatusManager().getHealthService()))
              .addService(door.guard(ProtoReflectionServiceV1.newInstance()))
              .addService(door.guard(ChannelzService.newInstance(10)))
              .build()
              .start());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  List<ServerServiceDefinition> services() {
    return server.getServices();
  }

  int port() {
    return server.getPort();
  }

  ManagedChannel connect() {
    return NettyChannelBuilder.forAddress("127.0.0.1", port()).usePlaintext().build();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  /** Ends as the request's sampler says, and never where it says nothing. */
  private static final class ObedientSampler extends SamplerGrpc.SamplerImplBase {
    @Override
    public void sample(SampleRequest request, StreamObserver<SampleResponse> out) {
      out.onNext(SampleResponse.getDefaultInstance());
      if (request.getSampler().equals("OK")) {
        out.onCompleted();
      } else if (!request.getSampler().isEmpty()) {
        out.onError(
            Status.Code.valueOf(request.getSampler())
                .toStatus()
                .withDescription("as\ntold")
                .withCause(new IllegalStateException("deep down"))
                .asRuntimeException());
      }
    }
  }

  private static final class FailingModels extends ModelsGrpc.ModelsImplBase {
    @Override
    public void getModel(GetModelRequest request, StreamObserver<Model> out) {
      throw new IllegalStateException("a mistake of ours");
    }
  }
}
