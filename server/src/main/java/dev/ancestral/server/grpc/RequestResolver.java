package dev.ancestral.server.grpc;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.diffusion.sampler.Guidance;
import dev.ancestral.server.engine.ChainRequest;
import dev.ancestral.server.engine.ChainRequest.InitialNoise;
import dev.ancestral.server.engine.FramePlan;
import dev.ancestral.v1.Encoding;
import dev.ancestral.v1.SampleRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The door: fills in every default and checks every bound, so that behind it a request can fail for
 * reasons of the engine alone. A pure function but for the seed it draws where none is given.
 */
final class RequestResolver {
  /** More samples than this are several requests: it bounds what one client can hold at once. */
  static final int MAX_SAMPLES = 10_000;

  /** Of priorities, in both directions: enough for every order that somebody can think of. */
  private static final int MOST_PRIORITY = 100;

  private final LongSupplier seeds;

  /** {@code seeds} draws the seed of a request without one. */
  RequestResolver(LongSupplier seeds) {
    this.seeds = seeds;
  }

  /**
   * Resolves a request.
   *
   * @param model the name of the model it is for
   * @param bundle what that model is
   * @param queueRows how many rows the model's engine holds
   * @throws InvalidRequestException naming every field that is wrong
   */
  ResolvedRequest resolve(SampleRequest request, String model, Bundle bundle, int queueRows) {
    FieldChecks checks = new FieldChecks();
    SampleRequest.Builder resolved = request.toBuilder().setModel(model);
    TensorCodec codec = new TensorCodec(bundle.data());

    int samples = request.hasNumSamples() ? request.getNumSamples() : 1;
    int most = Math.min(MAX_SAMPLES, queueRows);
    checks.range(
        "num_samples", samples, 1, most, "a larger number is several requests of this size");
    resolved.setNumSamples(samples).setFirstIndex(request.getFirstIndex());
    // Wrong samples would be reported twice.
    if (samples >= 1 && samples <= most) {
      checks.range("first_index", request.getFirstIndex(), 0, Integer.MAX_VALUE - samples, "");
    }
    if (!request.hasSeed()) {
      resolved.setSeed(seeds.getAsLong());
    }
    checks.range(
        "priority", request.getPriority(), -MOST_PRIORITY, MOST_PRIORITY, "0 is the usual one");
    List<Integer> labels = LabelsResolver.resolve(request, resolved, model, bundle, checks);
    Guidance guidance = GuidanceResolver.resolve(request, resolved, model, bundle, checks);
    resolved.setEncoding(
        encoding("encoding", request.getEncoding(), request.getEncodingValue(), codec, checks));

    Optional<ChainResolver.Chain> chain =
        ChainResolver.resolve(request, resolved, guidance, bundle, checks);
    // Frames are counted in steps, so wrong steps would be reported twice.
    FramePlan frames =
        chain
            .map(c -> FramesResolver.resolve(request, resolved, c.plan().length(), codec, checks))
            .orElse(FramePlan.NONE);

    String choice = chain.map(ChainResolver.Chain::samplerChoice).orElse("");
    MessageSizes.resolve(request, resolved, choice, bundle.data(), checks);

    // The shape depends on the number of samples, so a wrong number would be reported twice.
    InitialNoise noise =
        checks.passed()
            ? InitialNoiseReader.read(request, samples, bundle.data().shape(), checks)
            : null;
    checks.verify();
    return new ResolvedRequest(
        resolved.build(),
        new ChainRequest(
            chain.orElseThrow().plan(),
            resolved.getSeed(),
            resolved.getFirstIndex(),
            samples,
            labels,
            guidance,
            noise,
            frames),
        request.getPriority(),
        choice);
  }

  /** The encoding to use; FLOAT32 in place of one that was rejected. */
  static Encoding encoding(
      String field, Encoding asked, int number, TensorCodec codec, FieldChecks checks) {
    if (asked == Encoding.ENCODING_UNSPECIFIED || codec.supports(asked)) {
      return asked == Encoding.ENCODING_UNSPECIFIED ? Encoding.ENCODING_FLOAT32 : asked;
    }
    checks.reject(
        field,
        "%s (expected: ENCODING_FLOAT32, or UINT8 and PNG where samples are pictures)"
            .formatted(asked == Encoding.UNRECOGNIZED ? number : asked));
    return Encoding.ENCODING_FLOAT32;
  }
}
