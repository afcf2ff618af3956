package dev.ancestral.bundle;

import dev.ancestral.diffusion.sampler.Clipping;
import dev.ancestral.diffusion.sampler.DiffusionModel;
import dev.ancestral.diffusion.sampler.FittedTables;
import dev.ancestral.diffusion.sampler.Guidance;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything a bundle says besides the network itself.
 *
 * @param scheduler the noise schedule and how to sample from it
 * @param data what a sample is
 * @param continuousTimesteps whether the network takes fractional timesteps; one that looks them up
 *     does not
 * @param conditioning the classes; null for an unconditional model
 * @param recommended what a request gets that does not say
 * @param provenance where the weights come from, in words, in the order to show them
 * @param parity the proof made at export; empty for a foreign bundle
 * @param fitted chains that were fitted to the network; null for none
 */
public record Bundle(
    SchedulerConfig scheduler,
    DataSpec data,
    boolean continuousTimesteps,
    @Nullable Conditioning conditioning,
    Recommended recommended,
    Map<String, String> provenance,
    List<ParityFigure> parity,
    @Nullable FittedTables fitted) {

  /**
   * Copies the collections, and checks that a recommended guidance has a null label, and that
   * fitted chains are of this network.
   */
  public Bundle {
    if (recommended.guidanceWeight() != 1
        && (conditioning == null || conditioning.nullLabel() == null)) {
      throw new IllegalArgumentException(
          "recommended.guidance_weight: %s (expected: 1, the model %s)"
              .formatted(
                  recommended.guidanceWeight(),
                  conditioning == null ? "is unconditional" : "has no null label"));
    }
    provenance = Collections.unmodifiableMap(new LinkedHashMap<>(provenance));
    parity = List.copyOf(parity);
    if (fitted != null) {
      requireOfThisModel(fitted, scheduler, data, conditioning);
    }
  }

  /** A network that no chains were fitted to. */
  public Bundle(
      SchedulerConfig scheduler,
      DataSpec data,
      boolean continuousTimesteps,
      @Nullable Conditioning conditioning,
      Recommended recommended,
      Map<String, String> provenance,
      List<ParityFigure> parity) {
    this(scheduler, data, continuousTimesteps, conditioning, recommended, provenance, parity, null);
  }

  private static void requireOfThisModel(
      FittedTables fitted,
      SchedulerConfig scheduler,
      DataSpec data,
      @Nullable Conditioning conditioning) {
    Clipping clipping = scheduler.clipping().within(data.min(), data.max());
    if (!fitted.clipping().equals(clipping)) {
      throw new IllegalArgumentException(
          "clipping: %s (expected: %s, as the model clips)"
              .formatted(fitted.clipping().words(), clipping.words()));
    }
    boolean guidable = conditioning != null && conditioning.nullLabel() != null;
    for (int i = 0; i < fitted.tables().size(); i++) {
      List<Double> guidances = fitted.tables().get(i).guidances();
      if (!guidable && guidances.size() > 1) {
        throw new IllegalArgumentException(
            "tables[%d].weighted: guidance %s (expected: 1 alone, the model %s)"
                .formatted(
                    i, guidances, conditioning == null ? "is unconditional" : "has no null label"));
      }
    }
  }

  /** What a sampler has to know of the network. */
  public DiffusionModel model() {
    return new DiffusionModel(
        scheduler.schedule(),
        scheduler.predictionType(),
        scheduler.variance(),
        continuousTimesteps,
        fitted);
  }

  /** How estimates of x0 are clipped unless a request says otherwise. */
  public Clipping clipping() {
    return scheduler.clipping().within(data.min(), data.max());
  }

  /** How samples with labels are guided unless somebody says otherwise; null if they are not. */
  public @Nullable Guidance guidance() {
    return recommended.guidance(conditioning);
  }

  /** These facts of a network that takes no fractional timesteps. */
  public Bundle withWholeTimesteps() {
    return new Bundle(
        scheduler, data, false, conditioning, recommended, provenance, parity, fitted);
  }

  /** These facts with another proof. */
  public Bundle withParity(List<ParityFigure> figures) {
    return new Bundle(
        scheduler,
        data,
        continuousTimesteps,
        conditioning,
        recommended,
        provenance,
        figures,
        fitted);
  }

  /** These facts with other words of where they come from. */
  public Bundle withProvenance(Map<String, String> words) {
    return new Bundle(
        scheduler, data, continuousTimesteps, conditioning, recommended, words, parity, fitted);
  }

  /**
   * These facts with chains that were fitted to the network.
   *
   * @throws IllegalArgumentException naming the field of the tables that does not fit the model
   */
  public Bundle withFitted(FittedTables tables) {
    Bundle bundle =
        new Bundle(
            scheduler,
            data,
            continuousTimesteps,
            conditioning,
            recommended,
            provenance,
            parity,
            tables);
    bundle.model();
    return bundle;
  }

  /**
   * The first field in which two descriptions of one model disagree, if any. Provenance and parity
   * are left out: they describe how the files came to be, not how to sample from them; and fitted
   * chains, which come later than the network.
   */
  public Optional<String> disagreementWith(Bundle other) {
    record Field(String name, @Nullable Object ours, @Nullable Object theirs) {}
    SchedulerConfig a = scheduler;
    SchedulerConfig b = other.scheduler;
    return List.of(
            new Field(SchedulerJson.levelsField(a.schedule()), a.schedule(), b.schedule()),
            new Field("prediction_type", a.predictionType(), b.predictionType()),
            new Field("variance_type", a.variance(), b.variance()),
            new Field("clip_sample", a.clipping(), b.clipping()),
            new Field("timestep_spacing", a.spacing(), b.spacing()),
            new Field("steps_offset", a.stepsOffset(), b.stepsOffset()),
            new Field("data", data, other.data),
            new Field("timestep", continuousTimesteps, other.continuousTimesteps),
            new Field("conditioning", conditioning, other.conditioning),
            new Field("recommended", recommended, other.recommended))
        .stream()
        .filter(field -> !Objects.equals(field.ours(), field.theirs()))
        .map(Field::name)
        .findFirst();
  }
}
