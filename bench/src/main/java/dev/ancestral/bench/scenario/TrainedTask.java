package dev.ancestral.bench.scenario;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;

/**
 * A network and a batch that are trained: what our presets and defaults train. Samples are noise,
 * since no time depends on them.
 *
 * @param label in the report
 * @param channels 1 or 3
 * @param side pixels of a side
 * @param batch samples of an update
 * @param levels channels of each
 * @param attention on how many of the smallest levels
 * @param blocks ResNet blocks of a level
 * @param headSize channels of an attention head
 * @param updates of one turn
 */
record TrainedTask(
    String label,
    int channels,
    int side,
    int batch,
    List<Integer> levels,
    int attention,
    int blocks,
    int headSize,
    int updates) {
  private static final int PICTURES = 256;
  private static final int GROUPS = 8;
  private static final int SEED = 1;

  static final List<TrainedTask> ALL =
      List.of(
          new TrainedTask("quickstart: 8x8, batch 64", 1, 8, 64, List.of(32, 48), 1, 1, 16, 10),
          new TrainedTask("28x28 gray, batch 64", 1, 28, 64, List.of(24, 32, 64), 1, 1, 16, 2),
          new TrainedTask("32x32 RGB, batch 32", 3, 32, 32, List.of(32, 64), 0, 2, 8, 2),
          new TrainedTask("64x64 RGB, batch 8", 3, 64, 8, List.of(32, 64), 0, 2, 8, 2));

  TrainedTask {
    levels = List.copyOf(levels);
  }

  double samplesPerSecond(Duration ofUpdates) {
    return batch * updates / (ofUpdates.toNanos() / 1e9);
  }

  /** What {@code train} is told; makes the pictures if they are not there yet. */
  List<String> arguments(Path directory) throws IOException {
    Path out = directory.resolve("train-%dx%d".formatted(side, side));
    List<String> arguments = new ArrayList<>(List.of("--data", pictures(directory).toString()));
    arguments.addAll(List.of("--out", unused(out).toString()));
    for (String setting :
        List.of(
            "training.batch=" + batch,
            "network.block_out_channels=" + levels,
            "network.down_block_types=" + blockTypes("Down", false),
            "network.up_block_types=" + blockTypes("Up", true),
            "network.layers_per_block=" + blocks,
            "network.attention_head_dim=" + headSize,
            "network.norm_num_groups=" + GROUPS)) {
      arguments.addAll(List.of("--set", setting));
    }
    return arguments;
  }

  private static Path unused(Path wanted) {
    Path free = wanted;
    for (int i = 2; Files.exists(free); i++) {
      free = wanted.resolveSibling(wanted.getFileName() + "-" + i);
    }
    return free;
  }

  /** The same as the arguments of {@code UNet2DModel}, with what the script reads besides. */
  String python() {
    return String.format(
        Locale.ROOT,
        "{\"batch\": %d, \"threads\": %d, \"sample_size\": %d, \"in_channels\": %d, \"out_channels\": %d, \"block_out_channels\": %s, \"down_block_types\": %s, \"up_block_types\": %s, \"layers_per_block\": %d, \"attention_head_dim\": %d, \"norm_num_groups\": %d}",
        batch,
        Runtime.getRuntime().availableProcessors(),
        side,
        channels,
        channels,
        levels,
        quoted(blockTypes("Down", false)),
        quoted(blockTypes("Up", true)),
        blocks,
        headSize,
        GROUPS);
  }

  private List<String> blockTypes(String way, boolean smallestFirst) {
    List<String> types = new ArrayList<>();
    for (int level = 0; level < levels.size(); level++) {
      boolean attends = level >= levels.size() - attention;
      types.add((attends ? "Attn" : "") + way + "Block2D");
    }
    if (smallestFirst) {
      Collections.reverse(types);
    }
    return types;
  }

  private static String quoted(List<String> texts) {
    return texts.stream().map(text -> '"' + text + '"').collect(Collectors.joining(", ", "[", "]"));
  }

  private Path pictures(Path directory) throws IOException {
    Path folder = directory.resolve("noise-%d-%d".formatted(side, channels));
    Random random = new Random(SEED);
    Files.createDirectories(folder);
    for (int i = 0; i < PICTURES; i++) {
      BufferedImage picture =
          new BufferedImage(
              side,
              side,
              channels == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
      for (int at = 0; at < side * side; at++) {
        int value = random.nextInt(1 << 24);
        picture.setRGB(at % side, at / side, channels == 1 ? (value & 0xff) * 0x10101 : value);
      }
      ImageIO.write(picture, "png", folder.resolve("%03d.png".formatted(i)).toFile());
    }
    return folder;
  }
}
