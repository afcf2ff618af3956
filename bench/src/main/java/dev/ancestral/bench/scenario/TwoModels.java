package dev.ancestral.bench.scenario;

import dev.ancestral.bench.process.RandomNetwork;
import dev.ancestral.bench.process.ServerProcess;
import dev.ancestral.bench.process.Variant;
import dev.ancestral.files.AtomicDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A server of two networks, one large and one small: how they share the device. */
final class TwoModels implements Scenario {
  private static final Variant SERVER = new Variant("two models", List.of("--batching=step"));

  @Override
  public String name() {
    return "two-models";
  }

  @Override
  public String description() {
    return "a server of two networks: their shares of its time, and one client beside 32 of the other";
  }

  @Override
  public void run(Lab lab, Results results) throws IOException, InterruptedException {
    String first = String.valueOf(lab.bundle().getFileName());
    RandomNetwork other =
        first.equals(RandomNetwork.UNET_8.label()) ? RandomNetwork.UNET_32 : RandomNetwork.UNET_8;
    // A bundle of the user's may be called as ours is.
    String second = first.equals(other.label()) ? other.label() + "-random" : other.label();
    Path otherBundle = lab.bundle(other);
    Path models = lab.directory().resolve("two-models");
    AtomicDirectory.write(
        models,
        into -> {
          copy(lab.bundle(), into.resolve(first));
          copy(otherBundle, into.resolve(second));
        });
    try (ServerProcess server = lab.start(SERVER, models)) {
      new DeviceShares(name(), lab.pace(), server).report(first, second, results);
      LightClient light = new LightClient(name(), lab.pace(), server);
      light.report(second, first, results);
      light.report(first, second, results);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path file : (Iterable<Path>) all::iterator) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }
}
