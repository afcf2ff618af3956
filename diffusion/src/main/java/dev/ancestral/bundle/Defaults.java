package dev.ancestral.bundle;

import dev.ancestral.diffusion.Names;
import dev.ancestral.diffusion.sampler.DiffusionModel;
import dev.ancestral.diffusion.sampler.InvalidOptionException;
import dev.ancestral.diffusion.sampler.Sampler;
import dev.ancestral.diffusion.sampler.SamplerOption;
import dev.ancestral.diffusion.sampler.SamplerOptions;
import dev.ancestral.diffusion.sampler.Samplers;
import dev.ancestral.diffusion.sampler.TimestepSelection;
import dev.ancestral.diffusion.sampler.TimestepSpacing;
import java.util.List;

/** What a request gets that does not say. */
public final class Defaults {
  /** Fits every model, and needs few steps. */
  private static final String SAMPLER = "ddim";

  private static final SamplerOption<TimestepSelection> SPACING = SamplerOption.SPACING;

  private Defaults() {}

  /** The sampler that the bundle recommends, else DDIM. */
  public static Sampler sampler(Bundle bundle) {
    String recommended = bundle.recommended().sampler();
    return Samplers.of(recommended == null ? SAMPLER : recommended);
  }

  /**
   * The steps that the bundle recommends, else as many as the sampler takes; a recommendation is
   * for its own sampler.
   *
   * @param guidanceWeight of the request, 1 for none
   */
  public static int steps(Bundle bundle, Sampler sampler, double guidanceWeight) {
    Recommended recommended = bundle.recommended();
    Integer steps = recommended.steps();
    return steps != null && isRecommended(bundle, sampler)
        ? steps
        : sampler.defaultSteps(bundle.model(), guidanceWeight);
  }

  private static boolean isRecommended(Bundle bundle, Sampler sampler) {
    return sampler.name().equals(sampler(bundle).name());
  }

  /**
   * The given options, and of each other one that the sampler takes the value that the bundle
   * recommends for it, else the sampler's own.
   *
   * @throws InvalidOptionException if the sampler does not fit the model, or an option the sampler
   */
  public static SamplerOptions options(Bundle bundle, Sampler sampler, SamplerOptions given) {
    SamplerOptions wanted =
        isRecommended(bundle, sampler) ? bundle.recommended().addTo(given) : given;
    return sampler.resolve(bundle.model(), spaced(bundle, sampler, wanted));
  }

  /**
   * With the bundle's spacing and offset where the sampler takes them and nobody gave others. The
   * offset was meant for the recommended sampler: another one, such as ddpm with all T steps, goes
   * without it where it leads beyond the last timestep.
   */
  private static SamplerOptions spaced(Bundle bundle, Sampler sampler, SamplerOptions wanted) {
    SchedulerConfig scheduler = bundle.scheduler();
    boolean spaces = sampler.defaults(bundle.model()).find(SPACING).isPresent();
    if (!spaces
        || wanted.find(SamplerOption.TIMESTEPS).isPresent()
        || wanted.find(SamplerOption.KARRAS).orElse(false)) {
      return wanted;
    }
    SamplerOptions spaced =
        wanted.find(SPACING).isPresent() ? wanted : wanted.with(SPACING, scheduler.spacing());
    boolean leads = spaced.find(SPACING).filter(TimestepSpacing.LEADING::equals).isPresent();
    boolean offset =
        leads
            && spaced.find(SamplerOption.STEPS_OFFSET).isEmpty()
            && (isRecommended(bundle, sampler)
                || leavesRoom(scheduler.schedule().timesteps(), spaced.steps(), scheduler));
    return offset ? spaced.with(SamplerOption.STEPS_OFFSET, scheduler.stepsOffset()) : spaced;
  }

  /** Whether the first of these steps, with leading spacing, can start later by the offset. */
  private static boolean leavesRoom(int timesteps, int steps, SchedulerConfig scheduler) {
    // A number of steps that is none is refused later, by name.
    return (long) (steps - 1) * (timesteps / Math.max(1, steps)) + scheduler.stepsOffset()
        < timesteps;
  }

  /**
   * Plans the chain of a request that says nothing, and of one that names a sampler and no more, so
   * that no such request can fail, and a model can say what they become.
   *
   * @param file to name in the refusal
   * @throws BundleException naming what keeps it from being planned
   */
  public static void requireSampleable(Bundle bundle, String file) {
    try {
      DiffusionModel model = bundle.model();
      String recommended = bundle.recommended().sampler();
      List<String> known = Samplers.namesFor(model);
      if (recommended != null && !known.contains(recommended)) {
        throw new InvalidOptionException("sampler", Names.problem(recommended, known));
      }
      Sampler sampler = sampler(bundle);
      SamplerOptions steps = bare(bundle, sampler);
      sampler.plan(model, options(bundle, sampler, steps));
      known.forEach(name -> requirePlanned(bundle, model, Samplers.of(name)));
    } catch (InvalidOptionException e) {
      boolean option = bundle.recommended().options().containsKey(e.field());
      throw new BundleException(file, "recommended." + (option ? "options." : "") + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new BundleException(file, String.valueOf(e.getMessage()));
    }
  }

  private static void requirePlanned(Bundle bundle, DiffusionModel model, Sampler sampler) {
    try {
      SamplerOptions steps = bare(bundle, sampler);
      sampler.plan(model, options(bundle, sampler, steps));
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "sampler %s: cannot be planned by its defaults: %s".formatted(sampler.name(), e), e);
    }
  }

  /** Of a request that names no more than its sampler. */
  private static SamplerOptions bare(Bundle bundle, Sampler sampler) {
    return SamplerOptions.ofSteps(steps(bundle, sampler, 1)).withClipping(bundle.clipping());
  }
}
