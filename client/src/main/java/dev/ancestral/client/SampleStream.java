package dev.ancestral.client;

import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SampleResponse;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Supplier;

/**
 * The messages of one sampling, taken at the caller's pace: no more than a few wait here, and what
 * waits fills the connection's window until the server pauses these chains.
 *
 * <p>For one thread. Closing it before the end cancels the sampling and frees its rows on the
 * server.
 */
public final class SampleStream implements Iterator<SampleResponse>, AutoCloseable {
  private final String target;
  private final SampleRequest request;
  private final Context.CancellableContext context = Context.current().withCancellation();
  private final Iterator<SampleResponse> responses;

  SampleStream(String target, SampleRequest request, Supplier<Iterator<SampleResponse>> call) {
    this.target = target;
    this.request = request;
    // The call belongs to the context it is started in, and ends with it.
    Context previous = context.attach();
    try {
      responses = call.get();
    } finally {
      context.detach(previous);
    }
  }

  /**
   * Waits for the next message.
   *
   * @throws ClientException if the sampling failed
   */
  @Override
  public boolean hasNext() {
    try {
      return responses.hasNext();
    } catch (StatusRuntimeException e) {
      throw StatusMessages.translate(e, target);
    }
  }

  /**
   * The next message, waiting for it.
   *
   * @throws ClientException if the sampling failed, or the server passed over what it was asked for
   * @throws NoSuchElementException after the last
   */
  @Override
  public SampleResponse next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    SampleResponse message = responses.next();
    if (message.hasAccepted()) {
      Honoured.require(request, message.getAccepted(), target);
    }
    return message;
  }

  @Override
  public void close() {
    context.cancel(null);
  }
}
