package dev.ancestral.bundle;

import java.util.List;
import java.util.Map;

/**
 * What somebody else's diffusers directory says: no {@code bundle.json}, so the network's
 * configuration tells.
 */
final class ForeignBundle {
  private static final int EIGHT_BITS = 256;

  private ForeignBundle() {}

  static Bundle read(JsonDocument unet, SchedulerConfig scheduler) {
    List<Double> size =
        unet.optionalNumbersOrNumber("sample_size")
            .orElseThrow(() -> unet.wrong("sample_size", "is missing (expected: a number or two)"));
    if (size.isEmpty() || size.size() > 2) {
      throw unet.wrong("sample_size", size + " (expected: a number or two)");
    }
    long height = size.get(0).longValue();
    long width = size.get(size.size() - 1).longValue();
    try {
      return new Bundle(
          scheduler,
          new DataSpec(
              List.of((long) unet.integer("in_channels"), height, width), -1, 1, EIGHT_BITS),
          !unet.optionalText("time_embedding_type").orElse("positional").equals("learned"),
          unet.optionalInteger("num_class_embeds")
              .map(classes -> new Conditioning(classes, List.of(), null))
              .orElse(null),
          Recommended.NONE,
          Map.of(),
          List.of());
    } catch (BundleException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw unet.refused(e);
    }
  }
}
