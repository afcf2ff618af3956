package dev.ancestral.trainer.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.trainer.config.ConfigSources;
import dev.ancestral.trainer.config.TrainingConfig;
import dev.ancestral.trainer.network.Network;
import dev.ancestral.trainer.network.NetworkTask;
import dev.ancestral.trainer.network.Networks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The estimate beside what short trainings took, and what it says of the rest. */
class MemoryEstimateTest {
  private static final String ATTENTION =
      "network.down_block_types=DownBlock2D,AttnDownBlock2D network.up_block_types=AttnUpBlock2D,UpBlock2D";

  private static final double MIB = 1 << 20;

  private static MemoryCheck check(int side, MachineMemory machine, String settings) {
    TrainingConfig config = config(settings);
    NetworkTask task = new NetworkTask(List.of(3L, (long) side, (long) side), null, 1000);
    return new MemoryCheck(config, task, footprint(config, task), machine);
  }

  private static Footprint footprint(TrainingConfig config, NetworkTask task) {
    return Footprint.of(
        Networks.of(config.network().type()).create(config.network().settings(), task, 0), task);
  }

  /** Peaks of resident memory of trainings of three iterations, on Linux, in MiB. */
  @ParameterizedTest
  @CsvSource({
    "32, 915, training.batch=32",
    "32, 521, training.batch=8",
    "32, 682, training.batch=16 ATTENTION",
    "64, 479, training.batch=2 ATTENTION",
    "64, 644, training.batch=4 ATTENTION",
    "64, 879, training.batch=8 ATTENTION",
    "64, 539, training.batch=4",
    "32, 778, training.batch=16 network.type=lucidrains_unet network.dim=16",
    "32, 713, training.batch=16 network.type=convnext_unet network.dim=16"
  })
  void whatWasMeasuredIsWithinAFactorOf1_3(int side, int measured, String settings) {
    TrainingConfig config = config(settings.replace("ATTENTION", ATTENTION));
    NetworkTask task = new NetworkTask(List.of(3L, (long) side, (long) side), null, 1000);
    double estimate =
        MemoryEstimate.of(footprint(config, task), config.training().batch()).bytes() / MIB;
    double ratio = estimate / measured;
    assertTrue(
        ratio > 1 / 1.3 && ratio < 1.3, () -> "%.0f MiB for %d".formatted(estimate, measured));
  }

  private static TrainingConfig config(String settings) {
    Map<String, Object> merged = Map.of();
    for (String setting : settings.split(" ", -1)) {
      merged = ConfigSources.merge(merged, ConfigSources.setting(setting));
    }
    return TrainingConfig.of(merged);
  }

  static List<String> networks() {
    return Networks.names();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void everyNetworkCanBeEstimated(String name) {
    List<Footprint> footprints = new ArrayList<>();
    for (NetworkTask task :
        List.of(
            new NetworkTask(List.of(3L, 16L, 16L), 11, 10),
            new NetworkTask(List.of(2L), null, 1))) {
      Network network;
      try {
        network = Networks.of(name).create(Map.of(), task, 0);
      } catch (IllegalArgumentException e) {
        continue; // It is not for such data.
      }
      footprints.add(Footprint.of(network, task));
    }
    assertEquals(1, footprints.size());
    assertTrue(footprints.get(0).kept() > 0);
    assertTrue(footprints.get(0).parameters() > 0);
  }

  private static final long GIB = 1L << 30;

  @Test
  void whatDoesNotFitIsRefused_withWhatToTry() {
    MemoryCheck check =
        check(64, new MachineMemory(2 * GIB, GIB), "training.batch=64 " + ATTENTION);
    String problem = check.problem().orElseThrow();
    assertTrue(problem.startsWith("memory: about "), problem);
    for (String part :
        List.of(
            " needed (expected: at most 2.0 GiB, all that this machine has): for training.batch 64 of data.size 64x64; ",
            "; try training.batch=4 with training.accumulate=16, which makes the same updates, or a smaller data.size",
            "; training.memory_check=false trains all the same")) {
      assertTrue(problem.contains(part), problem + "\n(expected to contain: " + part + ")");
    }
  }

  @Test
  void whereNotOneSampleFits_theSizeIsWhatIsLeftToChange() {
    MemoryCheck check =
        check(
            4096,
            new MachineMemory(8 * GIB, 6 * GIB),
            "training.batch=2 output.samples=1 output.held_out=1");
    String problem = check.problem().orElseThrow();
    assertTrue(
        problem.contains("try a smaller data.size: not even one sample at a time fits"), problem);
  }

  @Test
  void whatIsNearIsWarnedOf_andWhatFitsIsNot() {
    String settings = "training.batch=16 " + ATTENTION;
    assertTrue(check(32, new MachineMemory(8 * GIB, 6 * GIB), settings).warning().isEmpty());
    MemoryCheck near = check(32, new MachineMemory(8 * GIB, GIB / 2), settings);
    assertTrue(near.problem().isEmpty());
    assertTrue(near.warning().orElseThrow().contains("512 MiB are available, which is near"));
  }

  @Test
  void whatIsHeldOutCountsOnTheHeap_andSoDoFurtherAverages() {
    MachineMemory large = new MachineMemory(4096 * GIB, 4096 * GIB);
    assertTrue(check(64, large, "training.batch=2").problem().isEmpty());
    String rates =
        IntStream.rangeClosed(1, 4999)
            .mapToObj(i -> Double.toString(i / 5000.0))
            .filter(rate -> !rate.equals("0.995"))
            .collect(Collectors.joining(","));
    for (String settings : List.of("output.held_out=100000", "ema.rates=" + rates)) {
      String problem = check(64, large, "training.batch=2 " + settings).problem().orElseThrow();
      assertTrue(problem.contains(" of the Java heap needed for 2 samples of "), problem);
      assertTrue(problem.contains(" output.held_out or data.size;"), problem);
    }
    assertEquals(
        "output.held_out: 100000 samples of [3, 128, 128] at once, 4915200000 numbers (expected: at most 2147483639 numbers: a smaller output.held_out or data.size)",
        check(128, large, "training.batch=2 output.held_out=100000").problem().orElseThrow());
  }

  @Test
  void thePersonMayKnowBetter_butNotOfArraysThatJavaCannotHave() {
    MachineMemory small = new MachineMemory(GIB, GIB);
    assertTrue(
        check(64, small, "training.batch=64 training.memory_check=false").problem().isEmpty());
    String problem =
        check(4096, small, "training.batch=64 training.memory_check=false").problem().orElseThrow();
    assertEquals(
        "training.batch: 64 samples of [3, 4096, 4096] at once, 3221225472 numbers (expected: at most 2147483639 numbers: a smaller training.batch or data.size)",
        problem);
  }
}
