package dev.ancestral.client.flags;

import static dev.ancestral.client.flags.HelpSection.CHAIN;
import static dev.ancestral.client.flags.HelpSection.CLASSES;
import static dev.ancestral.client.flags.HelpSection.STATES;
import static dev.ancestral.client.flags.HelpSection.URGENCY;

import dev.ancestral.v1.SampleRequest;
import java.util.List;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The table of the flags that are fields of a request, which becomes options of the command. What
 * is not given is left to the server, and so is the judgement of what goes together.
 *
 * <p>A flag that is given again replaces what was given before, and leaves the others alone; one
 * that takes a list adds to it.
 */
public final class RequestFlags implements IModelTransformer {
  /** The {@code order} of a command's own option that is among the first in the help. */
  public static final int FIRST = 0;

  /** The {@code order} of a command's own option that says how soon. */
  public static final int HOW_SOON = 4;

  /** The {@code order} of a command's own option that says what is written. */
  public static final int WHAT_IS_WRITTEN = 5;

  private static final String SAMPLER = "--sampler";

  private static final List<RequestFlag> FLAGS =
      List.of(
          RequestFlag.of(
              HelpSection.FIRST,
              "--model",
              "model",
              "NAME",
              "Which model. May be left out where exactly one is loaded."),
          RequestFlag.of(
                  HelpSection.FIRST,
                  "-n",
                  "num_samples",
                  "COUNT",
                  "How many samples. Default: as many as --initial-noise has, else 16.")
              .atLeast(1),
          RequestFlag.of(
              HelpSection.FIRST,
              "--seed",
              "seed",
              "S",
              "Seed of all noise, 64 bits: the same seed gives the same samples. Default: random."),
          RequestFlag.of(
                  HelpSection.FIRST,
                  "--first",
                  "first_index",
                  "INDEX",
                  "Index of the first sample: --first 57 -n 1 draws sample 57 of that seed again."
                      + " Default: 0.")
              .atLeast(0),
          RequestFlag.of(
                  CLASSES,
                  "--label",
                  "label_names",
                  "L",
                  "A class to draw, by name or index; may be repeated, then the samples cycle through"
                      + " them.",
                  "Where a name is a number: name:2 or index:2.")
              .inPlaceOf("labels"),
          RequestFlag.of(
              CLASSES,
              "--guidance",
              "guidance_weight",
              "W",
              "Weight of classifier-free guidance: more, such as 2, is more typical of the class.",
              "Needs --label, and doubles the cost. Default: the model's, else 1, none."),
          RequestFlag.of(
              CLASSES,
              "--guidance-rescale",
              "guidance_rescale",
              "F",
              "How much of the contrast that guidance adds is taken back, 0 to 1. Default: the"
                  + " model's, else 0."),
          RequestFlag.of(
              CHAIN,
              SAMPLER,
              "sampler",
              "NAME",
              "ddpm, ddim, dpmpp-2m, dpmpp-3m, unipc, deis, ipndm, fastdpm or euler; langevin or"
                  + " annealed-langevin for models that predict the score; fitted for models with"
                  + " fitted tables.",
              "Default: fitted where that is proven and fits the other flags, else the model's."),
          RequestFlag.of(
                  CHAIN,
                  "--steps",
                  "steps",
                  "N",
                  "Steps of the chain. Default: the model's, or the sampler's.")
              .inPlaceOf("respacing", "timesteps", "fitted_table"),
          RequestFlag.of(
                  CHAIN,
                  "--spacing",
                  "spacing",
                  "NAME",
                  "Which timesteps are visited: ${COMPLETION-CANDIDATES}. Default: the model's.")
              .inPlaceOf("respacing", "timesteps", "steps_offset"),
          RequestFlag.of(
                  CHAIN,
                  "--respacing",
                  "respacing",
                  "TEXT",
                  "In place of --spacing and --steps, improved-diffusion's notation:",
                  "10,15,20 takes so many from each third of the timesteps, ddim25 takes 25 with a"
                      + " whole stride.")
              .inPlaceOf("spacing", "steps", "timesteps", "steps_offset"),
          RequestFlag.of(
                  CHAIN,
                  "--timesteps",
                  "timesteps",
                  "T",
                  "In place of --spacing and --steps, the timesteps themselves, falling, such as"
                      + " 999,845.5,730: fractions where the network takes them.")
              .inPlaceOf(
                  "spacing",
                  "steps",
                  "respacing",
                  "steps_offset",
                  "karras",
                  "by_stride",
                  "round_timesteps"),
          RequestFlag.of(
              CHAIN,
              "--steps-offset",
              "steps_offset",
              "K",
              "With leading spacing, visit timesteps later by so many. Default: the model's, else 0."),
          RequestFlag.of(
              CHAIN,
              "--round-timesteps",
              "round_timesteps",
              "",
              "euler: round timesteps; with linspace spacing it can visit fractions. Default: the model's, else round."),
          RequestFlag.of(
                  CHAIN,
                  "--clip",
                  "clip",
                  "",
                  "Clip each estimate of x_0 to the data's range, or not. Default: the model's.")
              .inPlaceOf("threshold_quantile", "threshold_max", "clip_range"),
          RequestFlag.of(
                  CHAIN,
                  "--clip-range",
                  "clip_range",
                  "R",
                  "Clip to so many half widths of the data's range from its middle. Default: the model's, else 1.")
              .inPlaceOf("threshold_quantile", "threshold_max"),
          RequestFlag.of(
                  CHAIN,
                  "--threshold-quantile",
                  "threshold_quantile",
                  "Q",
                  "Dynamic thresholding at this quantile, such as 0.995, in place of clipping. Default: the model's, else none.")
              .inPlaceOf("clip_range"),
          RequestFlag.of(
              CHAIN,
              "--threshold-max",
              "threshold_max",
              "M",
              "The most that thresholding shrinks an estimate by. Default: the model's, else no bound."),
          RequestFlag.of(
              CHAIN,
              "--variance",
              "variance",
              "NAME",
              "ddpm: variance of the noise: ${COMPLETION-CANDIDATES}. Default: the model's."),
          RequestFlag.of(
              CHAIN,
              "--eta",
              "eta",
              "E",
              "ddim: noise of the steps, 0 (none) to 1 (as ddpm). Default: the model's, else 0."),
          RequestFlag.of(
              CHAIN,
              "--rederive-epsilon",
              "rederive_epsilon",
              "",
              "ddim: derive epsilon again from the clipped x_0, or keep the network's. Default: the"
                  + " model's, else derive."),
          RequestFlag.of(
              CHAIN,
              "--by-stride",
              "by_stride",
              "",
              "ddim: steps arrive T/N lower, as in diffusers, or at the next timestep. Default: the model's, else the next."),
          RequestFlag.of(
                  CHAIN,
                  "--karras",
                  "karras",
                  "",
                  "Solvers and euler: visit the noise levels of Karras et al. Default: the model's,"
                      + " else no.")
              .inPlaceOf("timesteps"),
          RequestFlag.of(
              CHAIN,
              "--lower-order-final",
              "lower_order_final",
              "",
              "Solvers: take last steps at lower orders, for stability. Default: the model's, else"
                  + " yes."),
          RequestFlag.of(
              CHAIN,
              "--solver-order",
              "solver_order",
              "O",
              "Solvers: order of the steps, up to 2 (dpmpp-2m), 3 (unipc, deis) or 4 (ipndm)."
                  + " Default: the model's, else 2, of ipndm 4."),
          RequestFlag.of(
              CHAIN,
              "--solver-type",
              "solver_type",
              "NAME",
              "unipc: its B(h), ${COMPLETION-CANDIDATES}. Default: the model's, else bh2."),
          RequestFlag.of(
              CHAIN,
              "--initial-scale",
              "initial_scale",
              "NAME",
              "euler: deviation of the initial noise: ${COMPLETION-CANDIDATES}. Default: the model's, else unit."),
          RequestFlag.of(
              CHAIN,
              "--final-level",
              "final_level",
              "NAME",
              "Solvers, ddim, euler: where the last step arrives: ${COMPLETION-CANDIDATES}."
                  + " Default: the model's, else clean."),
          RequestFlag.of(
              CHAIN,
              "--approximation",
              "approximation",
              "NAME",
              "fastdpm: by trained timesteps or by variances: ${COMPLETION-CANDIDATES}. Default:"
                  + " the model's, else step."),
          RequestFlag.of(
              CHAIN,
              "--growth",
              "growth",
              "NAME",
              "fastdpm: how those grow: ${COMPLETION-CANDIDATES}. Default: the model's, else"
                  + " linear."),
          RequestFlag.of(
              CHAIN,
              "--kappa",
              "kappa",
              "K",
              "fastdpm: noise of the steps, 0 (none) to 1 (as ddpm). Default: the model's, else"
                  + " 0."),
          RequestFlag.of(
              CHAIN,
              "--step-size",
              "step_size",
              "E",
              "langevin: epsilon. Default: the model's, else 0.001; annealed-langevin: a fifth of"
                  + " the least sigma squared."),
          RequestFlag.of(
              CHAIN,
              "--decay",
              "decay",
              "D",
              "langevin: factor of epsilon after each step. Default: the model's, else 0.9;"
                  + " annealed-langevin: 1."),
          RequestFlag.of(
              CHAIN,
              "--temperature",
              "temperature",
              "T",
              "langevin, annealed-langevin: factor of the noise. Default: the model's, else 1."),
          RequestFlag.of(
              CHAIN,
              "--fitted-table",
              "fitted_table",
              "ID",
              "fitted: refuse the model unless this is its table of so many steps. Default: take its"
                  + " own."),
          RequestFlag.of(
                  STATES,
                  "--frames",
                  "frames.count",
                  "K",
                  "Write chain.gif of K states, evenly spread from noise to sample.")
              .atLeast(2),
          RequestFlag.of(
              STATES,
              "--frames-at",
              "frames.steps",
              "STEP",
              "Write chain.gif of the states after these many steps, such as 0,5,10: 0 is the"
                  + " noise."),
          RequestFlag.of(
              URGENCY,
              "--priority",
              "priority",
              "P",
              "Over other requests, -100..100: a higher one runs first. Default: 0."));

  /** Adds the flags to the command, and headings to its help. */
  @Override
  public CommandSpec transform(CommandSpec command) {
    FLAGS.forEach(flag -> command.addOption(flag.option()));
    SectionedHelp.install(command);
    return command;
  }

  /**
   * Writes the flags that were given into a request; they replace what it says. Another sampler
   * takes none of the settings that were made for the one before.
   *
   * @return the settings that went with the sampler, by their fields' names
   */
  public static List<String> write(ParseResult given, SampleRequest.Builder request) {
    List<RequestFlag> matched =
        FLAGS.stream().filter(flag -> given.hasMatchedOption(flag.name())).toList();
    List<String> dropped = List.of();
    OptionSpec sampler = given.matchedOption(SAMPLER);
    if (sampler != null && !request.getSampler().equalsIgnoreCase(sampler.getValue())) {
      dropped =
          FLAGS.stream().filter(flag -> flag.isOfSampler(request)).map(RequestFlag::field).toList();
      FLAGS.stream().filter(flag -> flag.isOfSampler(request)).forEach(f -> f.clear(request));
    }
    matched.forEach(flag -> flag.clear(request));
    matched.forEach(flag -> flag.write(given.matchedOption(flag.name()).getValue(), request));
    return dropped;
  }
}
