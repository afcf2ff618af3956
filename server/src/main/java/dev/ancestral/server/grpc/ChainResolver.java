package dev.ancestral.server.grpc;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.Defaults;
import dev.ancestral.diffusion.Names;
import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.Clipping;
import dev.ancestral.diffusion.sampler.DiffusionModel;
import dev.ancestral.diffusion.sampler.Guidance;
import dev.ancestral.diffusion.sampler.InvalidOptionException;
import dev.ancestral.diffusion.sampler.Respacing;
import dev.ancestral.diffusion.sampler.Sampler;
import dev.ancestral.diffusion.sampler.SamplerOption;
import dev.ancestral.diffusion.sampler.SamplerOptions;
import dev.ancestral.diffusion.sampler.Samplers;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.TimestepSpacing;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The part of the door that looks at the sampler, its steps and its options. */
final class ChainResolver {
  private static final String SAMPLER = "sampler";
  private static final String RESPACING = "respacing";

  private ChainResolver() {}

  /**
   * What a request runs.
   *
   * @param samplerChoice which sampler it got and why, where the server chose; else empty
   */
  record Chain(ChainPlan plan, String samplerChoice) {}

  /** The chain; none if it was rejected. {@code guidance} is that of the request, if any. */
  static Optional<Chain> resolve(
      SampleRequest request,
      SampleRequest.Builder resolved,
      @Nullable Guidance guidance,
      Bundle bundle,
      FieldChecks checks) {
    DiffusionModel model = bundle.model();
    String name = request.getSampler();
    Optional<String> known = Names.find(name, Samplers.names());
    if (!name.isEmpty() && known.isEmpty()) {
      checks.reject(SAMPLER, Names.problem(name, Samplers.namesFor(model)));
      return Optional.empty();
    }
    Clipping clipping = ClippingResolver.resolve(request, resolved, bundle, checks);
    SamplerChoice choice =
        known
            .map(named -> new SamplerChoice(Samplers.of(named), ""))
            .orElseGet(() -> SamplerChoice.of(request, bundle, guidance, clipping));
    Sampler sampler = choice.sampler();
    double weight = guidance == null ? 1 : guidance.weight();
    Respacing respacing = respacing(request, checks);
    SamplerOptions given =
        OptionFields.read(
            request,
            SamplerOptions.ofSteps(steps(request, respacing, bundle, sampler, weight))
                .withClipping(clipping)
                .withGuidance(weight, guidance == null ? 0 : guidance.rescale()),
            checks);
    if (respacing != null) {
      given = given.with(SamplerOption.SPACING, respacing);
    }
    try {
      SamplerOptions options = Defaults.options(bundle, sampler, given);
      ChainPlan plan = sampler.plan(model, options);
      OptionFields.write(options, resolved.setSampler(sampler.name()).setSteps(options.steps()));
      return Optional.of(new Chain(plan, choice.words()));
    } catch (InvalidOptionException e) {
      boolean respaced = e.field().equals(SamplerOption.SPACING.name()) && respacing != null;
      checks.reject(respaced ? RESPACING : e.field(), e.problem());
      return Optional.empty();
    }
  }

  private static @Nullable Respacing respacing(SampleRequest request, FieldChecks checks) {
    if (request.getRespacing().isEmpty()) {
      return null;
    }
    checks.require(
        request.getSpacing() == TimestepSpacing.TIMESTEP_SPACING_UNSPECIFIED,
        RESPACING,
        "given beside spacing (expected: one of the two)");
    if (request.getTimestepsCount() > 0) {
      checks.reject(RESPACING, "given beside timesteps (expected: one of the two)");
      return null;
    }
    try {
      return Respacing.of(request.getRespacing());
    } catch (InvalidOptionException e) {
      checks.reject(e.field(), e.problem());
      return null;
    }
  }

  private static int steps(
      SampleRequest request,
      @Nullable Respacing respacing,
      Bundle bundle,
      Sampler sampler,
      double guidance) {
    if (request.hasSteps()) {
      return request.getSteps();
    }
    if (request.getTimestepsCount() > 0) {
      return request.getTimestepsCount();
    }
    return respacing == null ? Defaults.steps(bundle, sampler, guidance) : respacing.steps();
  }
}
