package dev.ancestral.client;

import dev.ancestral.v1.Accepted;
import dev.ancestral.v1.SampleRequest;
import io.grpc.Status;

/**
 * Checks that a server did what it was asked for. A server that is older than a field knows nothing
 * of it, and answers as if nobody had said anything.
 */
final class Honoured {
  private Honoured() {}

  /**
   * Checks what an older server can have passed over.
   *
   * @throws ClientException naming the field
   */
  static void require(SampleRequest request, Accepted accepted, String target) {
    if (request.getTimestepsCount() > 0
        && !request.getTimestepsList().equals(accepted.getTimestepsList())) {
      throw new ClientException(
          Status.Code.UNIMPLEMENTED,
          "timesteps: %s visits others, %d of them (expected: a server that knows the field, which is newer)"
              .formatted(target, accepted.getTimestepsCount()),
          null,
          null);
    }
  }
}
