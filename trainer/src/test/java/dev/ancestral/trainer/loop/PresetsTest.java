package dev.ancestral.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.noise.PhiloxRandom;
import dev.ancestral.trainer.config.ConfigSources;
import dev.ancestral.trainer.config.TrainingConfig;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The presets, small ones as they are, large ones at full size for a moment and at less for longer.
 */
class PresetsTest {
  private static final List<String> LARGE = List.of("overview-128", "convnext-128");
  private static final int SIDE = 128;
  private static final int IDX_SIDE = 28;

  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
  private final Path directory;

  PresetsTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @AfterEach
  void close() {
    manager.close();
  }

  static Stream<String> small() {
    return ConfigSources.presets().stream().filter(preset -> !LARGE.contains(preset));
  }

  private static TrainingConfig config(String preset, String source, String... settings) {
    Map<String, Object> config = ConfigSources.preset(preset);
    config = ConfigSources.merge(config, Map.of("data", Map.of("source", source)));
    for (String setting : settings) {
      config = ConfigSources.merge(config, ConfigSources.setting(setting));
    }
    return TrainingConfig.of(config);
  }

  private String source(String preset) throws IOException {
    return preset.equals("digits")
        ? "builtin:digits"
        : preset.equals("fashion-mnist") ? idx() : "builtin:swiss-roll";
  }

  @ParameterizedTest
  @MethodSource("small")
  void everyPresetTrains(String preset) throws IOException {
    Learning.assertLearns(manager, config(preset, source(preset)), 20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"overview-128", "convnext-128"})
  void largePresetsTrain_atAnEighthOfTheirWidth(String preset) throws IOException {
    TrainingConfig config =
        config(
            preset,
            images(8),
            "data.size=[32, 32]",
            "network.dim=8",
            "training.batch=4",
            "training.learning_rate=0.001");
    Learning.assertLearns(manager, config, 20);
  }

  @Tag("long")
  @ParameterizedTest
  @ValueSource(strings = {"overview-128", "convnext-128"})
  void largePresetsTrain_inTheirFullSize(String preset) throws IOException {
    Learning.assertLearns(
        manager, config(preset, images(1), "training.batch=1", "training.accumulate=1"), 2);
  }

  @Test
  void everyPresetIsSmallOrLarge() {
    Set<String> known = new HashSet<>(ConfigSources.presets());
    assertEquals(Set.of(), Set.copyOf(LARGE.stream().filter(p -> !known.contains(p)).toList()));
  }

  /** A directory of pictures, each of one colour. */
  private String images(int count) throws IOException {
    PhiloxRandom random = new PhiloxRandom(7, NoisePurpose.DATA, 0, 0);
    for (int i = 0; i < count; i++) {
      BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
      int colour = random.nextInt(1 << 24);
      for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
        image.setRGB(pixel % SIDE, pixel / SIDE, colour);
      }
      ImageIO.write(image, "png", directory.resolve(i + ".png").toFile());
    }
    return directory.toString();
  }

  /** MNIST's files, of ten pictures with a bar each. */
  private String idx() throws IOException {
    int count = 10;
    byte[] imageFile = new byte[16 + count * IDX_SIDE * IDX_SIDE];
    ByteBuffer pixels = ByteBuffer.wrap(imageFile);
    pixels.putInt(0x803).putInt(count).putInt(IDX_SIDE).putInt(IDX_SIDE);
    byte[] labelFile = new byte[8 + count];
    ByteBuffer labels = ByteBuffer.wrap(labelFile);
    labels.putInt(0x801).putInt(count);
    for (int i = 0; i < count; i++) {
      labels.put((byte) i);
      for (int pixel = 0; pixel < IDX_SIDE * IDX_SIDE; pixel++) {
        pixels.put((byte) (pixel / IDX_SIDE / 2 == i + 2 ? 255 : 0));
      }
    }
    Files.write(directory.resolve("train-images-idx3-ubyte"), imageFile);
    Files.write(directory.resolve("train-labels-idx1-ubyte"), labelFile);
    return "idx:" + directory;
  }
}
