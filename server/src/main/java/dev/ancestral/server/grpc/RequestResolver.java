package dev.ancestral.server.grpc;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.Recommended;
import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.ClipRange;
import dev.ancestral.diffusion.sampler.Clipping;
import dev.ancestral.diffusion.sampler.Sampler;
import dev.ancestral.diffusion.sampler.SamplerOption;
import dev.ancestral.diffusion.sampler.SamplerOptions;
import dev.ancestral.diffusion.sampler.Samplers;
import dev.ancestral.server.engine.ChainRequest;
import dev.ancestral.server.engine.ChainRequest.InitialNoise;
import dev.ancestral.server.engine.FramePlan;
import dev.ancestral.v1.Encoding;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.TimestepSpacing;
import dev.ancestral.v1.Variance;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The door: fills in every default and checks every bound, so that behind it a request can fail for
 * reasons of the engine alone. A pure function but for the seed it draws where none is given.
 */
final class RequestResolver {
  /** More samples than this are several requests: it bounds what one client can hold at once. */
  static final int MAX_SAMPLES = 10_000;

  static final String DDPM = "ddpm";
  static final String DDIM = "ddim";

  private final LongSupplier seeds;

  /** {@code seeds} draws the seed of a request without one. */
  RequestResolver(LongSupplier seeds) {
    this.seeds = seeds;
  }

  /** The sampler of a request that names none. */
  static Sampler defaultSampler(Bundle bundle) {
    String recommended = bundle.recommended().sampler();
    return Samplers.of(recommended == null ? DDIM : recommended);
  }

  /** The steps of a request that does not say; a recommendation is for its own sampler. */
  static int defaultSteps(Bundle bundle, Sampler sampler) {
    Recommended recommended = bundle.recommended();
    Integer steps = recommended.steps();
    return steps != null && sampler.name().equals(defaultSampler(bundle).name())
        ? steps
        : sampler.defaultSteps(bundle.scheduler().schedule().timesteps());
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
    resolved.setNumSamples(samples);
    if (!request.hasSeed()) {
      resolved.setSeed(seeds.getAsLong());
    }
    List<Integer> labels = labels(request, model, bundle, checks);
    resolved.setEncoding(
        encoding("encoding", request.getEncoding(), request.getEncodingValue(), codec, checks));

    Sampler sampler = sampler(request, bundle, checks);
    resolved.setSampler(sampler.name());
    int timesteps = bundle.scheduler().schedule().timesteps();
    int steps = request.hasSteps() ? request.getSteps() : defaultSteps(bundle, sampler);
    checks.range("steps", steps, 1, timesteps, "the timesteps the model was trained on");
    resolved.setSteps(steps);
    SamplerOptions options = options(request, resolved, bundle, sampler, steps, checks);
    FramePlan frames = FramesResolver.resolve(request, resolved, steps, codec, checks);

    // The shape depends on the number of samples, so a wrong number would be reported twice.
    InitialNoise noise =
        checks.passed()
            ? InitialNoiseReader.read(request, samples, bundle.data().shape(), checks)
            : null;
    checks.verify();
    ChainPlan plan = sampler.plan(bundle.model(), options);
    return new ResolvedRequest(
        resolved.build(),
        new ChainRequest(plan, resolved.getSeed(), samples, labels, noise, frames));
  }

  private static Sampler sampler(SampleRequest request, Bundle bundle, FieldChecks checks) {
    String name = request.getSampler();
    if (!name.isEmpty() && !Samplers.names().contains(name)) {
      checks.reject(
          "sampler",
          "unknown name '%s' (expected one of: %s)"
              .formatted(name, String.join(", ", Samplers.names())));
    }
    return Samplers.names().contains(name) ? Samplers.of(name) : defaultSampler(bundle);
  }

  private static SamplerOptions options(
      SampleRequest request,
      SampleRequest.Builder resolved,
      Bundle bundle,
      Sampler sampler,
      int steps,
      FieldChecks checks) {
    boolean ddim = sampler.name().equals(DDIM);
    boolean ddpm = sampler.name().equals(DDPM);
    String others = "given for sampler %s (expected: for %s only)";
    checks.require(ddim || !request.hasEta(), "eta", others.formatted(sampler.name(), DDIM));
    checks.require(
        ddim || !request.hasRederiveEpsilon(),
        "rederive_epsilon",
        others.formatted(sampler.name(), DDIM));
    checks.require(
        ddpm || request.getVariance() == Variance.VARIANCE_UNSPECIFIED,
        "variance",
        others.formatted(sampler.name(), DDPM));
    double eta = request.getEta();
    boolean etaFits = eta >= 0 && eta <= 1;
    checks.require(etaFits, "eta", "%s (expected: 0..1)".formatted(eta));
    boolean rederive = !request.hasRederiveEpsilon() || request.getRederiveEpsilon();
    boolean clip = request.hasClip() ? request.getClip() : bundle.scheduler().clipSample();
    TimestepSpacing spacing = Choices.orTrailing(request.getSpacing());
    checks.require(
        spacing != TimestepSpacing.UNRECOGNIZED,
        "spacing",
        "%d (expected: a known value)".formatted(request.getSpacingValue()));
    Variance variance = Choices.orBundle(request.getVariance(), bundle.scheduler().variance());
    checks.require(
        variance != Variance.UNRECOGNIZED,
        "variance",
        "%d (expected: a known value)".formatted(request.getVarianceValue()));
    if (!checks.passed()) {
      return SamplerOptions.ofSteps(1);
    }
    resolved.setClip(clip).setSpacing(spacing);
    if (ddim) {
      resolved.setEta(eta).setRederiveEpsilon(rederive);
    }
    if (ddpm) {
      resolved.setVariance(variance);
    }
    SamplerOptions options =
        SamplerOptions.ofSteps(steps)
            .withClipping(
                clip ? new ClipRange(bundle.data().min(), bundle.data().max()) : Clipping.NONE);
    if (sampler.defaults(bundle.model()).given().contains(SamplerOption.SPACING)) {
      options = options.with(SamplerOption.SPACING, Choices.spacing(spacing));
    }
    if (ddim) {
      options = options.with(SamplerOption.ETA, eta).with(SamplerOption.REDERIVE_EPSILON, rederive);
    }
    if (ddpm) {
      options = options.with(SamplerOption.VARIANCE, Choices.variance(variance));
    }
    return options;
  }

  /** What each sample's row is labelled with; the null label, or 0 where the network takes none. */
  private static List<Integer> labels(
      SampleRequest request, String model, Bundle bundle, FieldChecks checks) {
    List<Integer> labels = request.getLabelsList();
    Conditioning conditioning = bundle.conditioning();
    if (conditioning == null) {
      checks.require(
          labels.isEmpty(),
          "labels",
          "%d given (expected: none, model %s is unconditional)".formatted(labels.size(), model));
      return List.of(0);
    }
    int classes = conditioning.numClasses();
    for (int i = 0; i < labels.size(); i++) {
      checks.range("labels[%d]".formatted(i), labels.get(i), 0, classes - 1, "");
    }
    if (!labels.isEmpty()) {
      return labels;
    }
    Integer nullLabel = conditioning.nullLabel();
    checks.require(
        nullLabel != null,
        "labels",
        "none given (expected: 0..%d, model %s cannot draw without a class)"
            .formatted(classes - 1, model));
    return List.of(nullLabel == null ? 0 : nullLabel);
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
