package dev.ancestral.bundle;

import dev.ancestral.diffusion.Names;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What somebody else's diffusers directory says: no {@code bundle.json}, so the network's
 * configuration tells. What is in the ONNX file anyway, its layers, needs no reading; what says how
 * it is called and what its output means is honoured or refused.
 */
final class ForeignBundle {
  private static final int EIGHT_BITS = 256;

  private static final String NETWORK = "UNet2DModel";
  private static final String CLASSES = "num_class_embeds";
  private static final String EMBEDDING = "time_embedding_type";

  /** Colours, where a file does not say. */
  private static final int CHANNELS = 3;

  /** The components of a pipeline that is sampled by one network alone. */
  private static final Set<String> COMPONENTS = Set.of("unet", "scheduler");

  /** What is read here, to find misspelt keys. */
  private static final List<String> READ =
      List.of("sample_size", "in_channels", "out_channels", CLASSES, "class_embed_type", EMBEDDING);

  /** What the ONNX file knows, though it looks like one of those. */
  private static final String OF_THE_FILE = "time_embedding_dim";

  private ForeignBundle() {}

  /**
   * The scheduler's class, as {@code model_index.json} has it.
   *
   * @throws BundleException if the pipeline has parts that are not sampled here
   */
  static Optional<String> schedulerClass(JsonDocument index) {
    for (String name : index.names()) {
      String component = index.written(name);
      if (!COMPONENTS.contains(name) && component.startsWith("[") && !isAbsent(component)) {
        throw index.wrong(
            name,
            "%s (expected: a pipeline of unet and scheduler alone)"
                .formatted(Names.shortened(component)));
      }
    }
    if (isAbsent(index.written("scheduler"))) {
      return Optional.empty();
    }
    List<String> scheduler = index.texts("scheduler");
    if (scheduler.size() != 2) {
      throw index.wrong("scheduler", scheduler + " (expected: a library and a class)");
    }
    return Optional.of(scheduler.get(1));
  }

  private static boolean isAbsent(String component) {
    return component.equals("null") || component.equals("[null,null]");
  }

  static Bundle read(JsonDocument unet, ForeignScheduler scheduler) {
    requireKnown(unet);
    List<Double> size =
        unet.optionalNumbersOrNumber("sample_size")
            .orElseThrow(() -> unet.wrong("sample_size", "is missing (expected: a number or two)"));
    if (size.isEmpty() || size.size() > 2) {
      throw unet.wrong("sample_size", size + " (expected: a number or two)");
    }
    long height = size.get(0).longValue();
    long width = size.get(size.size() - 1).longValue();
    long channels = unet.optionalInteger("in_channels").orElse(CHANNELS);
    requireOutput(unet, channels, scheduler);
    try {
      return new Bundle(
          scheduler.config(),
          new DataSpec(List.of(channels, height, width), -1, 1, EIGHT_BITS),
          takesFractions(unet, scheduler.config().schedule().timesteps()),
          unet.optionalInteger(CLASSES)
              .map(classes -> new Conditioning(classes, List.of(), null))
              .orElse(null),
          scheduler.recommended(),
          Map.of(),
          List.of());
    } catch (BundleException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw unet.refused(e);
    }
  }

  private static void requireKnown(JsonDocument unet) {
    Optional<String> type = unet.optionalText("_class_name");
    if (type.isPresent() && !type.get().equals(NETWORK)) {
      throw unet.wrong(
          "_class_name", "%s (expected: %s)".formatted(Names.shortened(type.get()), NETWORK));
    }
    if (!unet.written("class_embed_type").equals("null")) {
      throw unet.wrong(
          "class_embed_type",
          unet.written("class_embed_type") + " (expected: null, labels that are looked up)");
    }
    for (String key : unet.names()) {
      if (!READ.contains(key) && !key.equals(OF_THE_FILE)) {
        Names.nearest(key, READ)
            .ifPresent(
                near -> {
                  throw unet.wrong(
                      Names.shortened(key), "unknown key (did you mean " + near + "?)");
                });
      }
    }
  }

  /**
   * As many channels as go in, and as many again for a learned variance. Where the file does not
   * say, the network's own output is compared when it is opened.
   */
  private static void requireOutput(JsonDocument unet, long channels, ForeignScheduler scheduler) {
    boolean learned = scheduler.config().variance().isLearned();
    long expected = learned ? 2 * channels : channels;
    long actual = unet.optionalInteger("out_channels").map(Integer::longValue).orElse(expected);
    if (actual != expected) {
      throw unet.wrong(
          "out_channels",
          "%d (expected: %d, since in_channels is %d and variance_type %s)"
              .formatted(actual, expected, channels, scheduler.config().variance().label()));
    }
    if (learned && scheduler.type() == ForeignClass.DPM_SOLVER && channels != CHANNELS) {
      throw unet.wrong(
          "in_channels",
          "%d (expected: 3, since diffusers takes the first three of a learned variance's channels)"
              .formatted(channels));
    }
  }

  /** An embedding that is learned is a table of whole timesteps. */
  private static boolean takesFractions(JsonDocument unet, int timesteps) {
    String embedding = unet.optionalText(EMBEDDING).orElse("positional");
    switch (embedding) {
      case "positional", "fourier" -> {
        return true;
      }
      case "learned" -> {
        int rows = unet.optionalInteger("num_train_timesteps").orElse(timesteps);
        if (rows < timesteps) {
          throw unet.wrong(
              "num_train_timesteps",
              "%d (expected: at least %d, as the scheduler has)".formatted(rows, timesteps));
        }
        return false;
      }
      default ->
          throw unet.wrong(
              EMBEDDING,
              "%s (expected: positional, fourier or learned)"
                  .formatted(Names.shortened(embedding)));
    }
  }
}
