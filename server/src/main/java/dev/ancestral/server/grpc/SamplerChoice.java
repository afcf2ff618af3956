package dev.ancestral.server.grpc;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.Defaults;
import dev.ancestral.diffusion.sampler.Clipping;
import dev.ancestral.diffusion.sampler.FittedProof;
import dev.ancestral.diffusion.sampler.FittedTable;
import dev.ancestral.diffusion.sampler.FittedTables;
import dev.ancestral.diffusion.sampler.Guidance;
import dev.ancestral.diffusion.sampler.InvalidOptionException;
import dev.ancestral.diffusion.sampler.Sampler;
import dev.ancestral.diffusion.sampler.SamplerOptions;
import dev.ancestral.diffusion.sampler.Samplers;
import dev.ancestral.v1.SampleRequest;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The sampler of a request that names none: the fitted one where it is proven and all that the
 * request asks for fits one of its tables, else the one of bundles without tables.
 *
 * @param words which, and why, in one sentence; empty where there was no choice
 */
record SamplerChoice(Sampler sampler, String words) {
  /**
   * Chooses.
   *
   * @param request names no sampler
   * @param guidance of its samples; null for none
   * @param clipping that it asks for, or gets
   */
  static SamplerChoice of(
      SampleRequest request, Bundle bundle, @Nullable Guidance guidance, Clipping clipping) {
    Sampler handMade = Defaults.sampler(bundle);
    FittedTables tables = bundle.fitted();
    if (tables == null) {
      return new SamplerChoice(handMade, "");
    }
    double weight = guidance == null ? 1 : guidance.weight();
    Sampler fitted = Samplers.of("fitted");
    int steps =
        request.hasSteps() ? request.getSteps() : fitted.defaultSteps(bundle.model(), weight);
    SamplerOptions wanted =
        SamplerOptions.ofSteps(steps)
            .withClipping(clipping)
            .withGuidance(weight, guidance == null ? 0 : guidance.rescale());
    Optional<String> misfit = misfit(request, bundle, fitted, wanted);
    if (misfit.isPresent()) {
      return new SamplerChoice(
          handMade,
          "%s: the bundle's fitted tables do not fit: %s".formatted(handMade.name(), misfit.get()));
    }
    Optional<FittedTable> proven =
        request.hasSteps()
            ? tables.table(steps).filter(table -> table.isProven(weight))
            : tables.proven(weight);
    return proven
        .map(table -> new SamplerChoice(fitted, words(tables, table, weight)))
        .orElseGet(
            () ->
                new SamplerChoice(
                    handMade,
                    "%s: %s proven to be as good as %s%s"
                        .formatted(
                            handMade.name(),
                            request.hasSteps()
                                ? "the bundle's fitted table of %d calls is not".formatted(steps)
                                : "none of the bundle's fitted tables is",
                            tables.teacherWords(),
                            at(weight))));
  }

  /** What of the request no table has; none if it fits one. */
  private static Optional<String> misfit(
      SampleRequest request, Bundle bundle, Sampler fitted, SamplerOptions wanted) {
    FieldChecks checks = new FieldChecks();
    if (!request.getRespacing().isEmpty()) {
      checks.reject("respacing", "given (expected: none)");
    }
    SamplerOptions given = OptionFields.read(request, wanted, checks);
    try {
      fitted.plan(bundle.model(), given);
    } catch (InvalidOptionException e) {
      checks.reject(e.field(), e.problem());
    }
    if (checks.passed()) {
      FramesResolver.resolve(
          request, request.toBuilder(), wanted.steps(), new TensorCodec(bundle.data()), checks);
    }
    return checks.first();
  }

  private static String words(FittedTables tables, FittedTable proven, double weight) {
    List<FittedProof> proofs = proven.proofs(weight);
    FittedProof.Comparison worst =
        proofs.stream()
            .map(proof -> Objects.requireNonNull(proof.comparison(), "it is proven"))
            .max(Comparator.comparingDouble(FittedProof.Comparison::frechetUpper))
            .orElseThrow();
    return String.format(
        Locale.ROOT,
        "fitted with %d calls: no sampler was named, and they are as good as %s%s (Frechet ratio %.2f, at most %.2f%s)",
        proven.calls(),
        tables.teacherWords(),
        at(weight),
        worst.frechetRatio(),
        worst.frechetUpper(),
        proofs.size() > 1 ? ", at the weights on both sides" : "");
  }

  private static String at(double weight) {
    return weight == 1 ? "" : " at guidance " + weight;
  }
}
