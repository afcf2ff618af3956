package dev.ancestral.bench.scenario;

import dev.ancestral.bench.baseline.BareRuntime;
import dev.ancestral.bench.baseline.BatchCurve;
import dev.ancestral.bench.baseline.BenchDevice;
import dev.ancestral.bench.baseline.PyTorch;
import dev.ancestral.bench.baseline.PyTorchTraining;
import dev.ancestral.bench.load.LoadClient;
import dev.ancestral.bench.process.Launcher;
import dev.ancestral.bench.process.RandomBundle;
import dev.ancestral.bench.process.RandomNetwork;
import dev.ancestral.bench.process.ServerProcess;
import dev.ancestral.bench.process.Variant;
import dev.ancestral.bundle.BundleFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What scenarios measure with: servers and baselines, each started when it is first asked for and
 * kept, so that they can be measured in turns; idle ones cost nothing. For one thread. Closing it
 * ends every process.
 */
public final class Lab implements AutoCloseable {
  /** The seed of every load. */
  public static final long SEED = 20_240_607;

  private static final List<Integer> BATCHES = List.of(1, 2, 4, 8, 16);
  private static final Duration SAMPLE = Duration.ofMillis(400);

  /**
   * In which the rows of what was cancelled leave, and threads that spin for a while fall asleep.
   */
  static final Duration REST = Duration.ofMillis(300);

  private final Launcher launcher;
  private final Path bundle;
  private final Path directory;
  private final Pace pace;
  private final String python;
  private final BenchDevice device;
  private final Map<PyTorch.Mode, PyTorch> pyTorches = new EnumMap<>(PyTorch.Mode.class);
  private final Map<Variant, ServerProcess> servers = new LinkedHashMap<>();
  private final Deque<AutoCloseable> owned = new ArrayDeque<>();
  private @Nullable BareRuntime bare;
  private @Nullable BareRuntime pyTorchExport;
  private @Nullable BatchCurve curve;

  /**
   * A lab.
   *
   * @param bundle what is served
   * @param directory for logs
   * @param python the interpreter of the baselines in PyTorch
   * @param device where servers and baselines run
   */
  public Lab(
      Launcher launcher,
      Path bundle,
      Path directory,
      Pace pace,
      String python,
      BenchDevice device) {
    this.launcher = launcher;
    this.bundle = bundle;
    this.directory = directory;
    this.pace = pace;
    this.python = python;
    this.device = device;
  }

  Pace pace() {
    return pace;
  }

  Path directory() {
    return directory;
  }

  /** The bundle that is served. */
  Path bundle() {
    return bundle;
  }

  /** The bundle of random weights of a network; made if it is not there yet. */
  Path bundle(RandomNetwork network) throws IOException, InterruptedException {
    return RandomBundle.below(directory, launcher, network);
  }

  /** A server that is started now and belongs to the caller. */
  ServerProcess start(Variant variant) throws IOException, InterruptedException {
    return start(variant, bundle);
  }

  /**
   * A server of something else that is started now and belongs to the caller.
   *
   * @param models the bundle's directory, or one of bundles
   */
  ServerProcess start(Variant variant, Path models) throws IOException, InterruptedException {
    String name = variant.name().replace(' ', '-');
    return ServerProcess.start(
        launcher, models, variant, device.label(), directory.resolve("server-" + name + ".log"));
  }

  /** The server of a variant. */
  ServerProcess server(Variant variant) throws IOException, InterruptedException {
    ServerProcess known = servers.get(variant);
    if (known != null) {
      return known;
    }
    ServerProcess started = start(variant);
    servers.put(variant, started);
    owned.push(started);
    return started;
  }

  /** A new connection to the server of a variant; the caller closes it. */
  LoadClient connect(Variant variant) throws IOException, InterruptedException {
    return LoadClient.connect(server(variant).target());
  }

  /** ONNX Runtime alone. */
  BareRuntime bare() {
    BareRuntime known = bare;
    if (known == null) {
      known = open(bundle.resolve(BundleFormat.MODEL));
      bare = known;
    }
    return known;
  }

  /**
   * ONNX Runtime alone, on PyTorch's own export of the network.
   *
   * @throws PyTorch.Unavailable if it cannot be had here
   */
  BareRuntime pyTorchExport() throws IOException, InterruptedException, PyTorch.Unavailable {
    BareRuntime known = pyTorchExport;
    if (known == null) {
      known = open(pyTorch(PyTorch.Mode.EAGER).export(directory.resolve("pytorch.onnx")));
      pyTorchExport = known;
    }
    return known;
  }

  private BareRuntime open(Path file) {
    BareRuntime opened = new BareRuntime(file, device);
    owned.push(opened);
    return opened;
  }

  /**
   * PyTorch alone.
   *
   * @throws PyTorch.Unavailable if it cannot be had here
   */
  PyTorch pyTorch(PyTorch.Mode mode) throws IOException, InterruptedException, PyTorch.Unavailable {
    PyTorch known = pyTorches.get(mode);
    if (known == null) {
      known =
          PyTorch.start(
              python,
              launcher.resource("python/network.py"),
              bundle,
              device,
              mode,
              bare(),
              directory.resolve(mode.label().replace(' ', '-') + ".log"));
      pyTorches.put(mode, known);
      owned.push(known);
    }
    return known;
  }

  /** The launcher of everything. */
  Launcher launcher() {
    return launcher;
  }

  /**
   * A training in PyTorch that belongs to the caller.
   *
   * @throws PyTorch.Unavailable if it cannot be had here
   */
  PyTorchTraining pyTorchTraining(String settings)
      throws IOException, InterruptedException, PyTorch.Unavailable {
    return PyTorchTraining.start(
        python,
        launcher.resource("python/train.py"),
        settings,
        directory.resolve("PyTorch-training.log"));
  }

  /** How long calls of ONNX Runtime alone take, by batch size; measured once. */
  BatchCurve curve() {
    BatchCurve known = curve;
    if (known == null) {
      known = measureCurve();
      curve = known;
    }
    return known;
  }

  private BatchCurve measureCurve() {
    Map<Integer, List<Double>> times = new TreeMap<>();
    BATCHES.forEach(batch -> bare().run(batch, 2));
    for (int round = 0; round < pace.rounds(); round++) {
      for (int batch : BATCHES) {
        times.computeIfAbsent(batch, ignored -> new ArrayList<>()).add(callMillis(batch, SAMPLE));
      }
    }
    Map<Integer, Double> best = new TreeMap<>();
    // Of several times of the same work, the least is the one that was disturbed least.
    times.forEach((batch, all) -> best.put(batch, Collections.min(all)));
    return new BatchCurve(best);
  }

  /** Milliseconds of a call of this many rows, now, in the mean of about so long. */
  private double callMillis(int batch, Duration length) {
    Duration once = bare().run(batch, 1);
    int times = (int) Math.max(1, length.toNanos() / Math.max(once.toNanos(), 1));
    return bare().run(batch, times).toNanos() / 1e6 / times;
  }

  /** Steps of one row that ONNX Runtime alone does in a second now, at its best batch size. */
  double bareStepsPerSecond(Window window) {
    int batch = curve().best();
    return batch / callMillis(batch, window.measured()) * 1e3;
  }

  /** Lets what was before come to its end. */
  static void rest() throws InterruptedException {
    Thread.sleep(REST.toMillis());
  }

  /** Ends every server and frees the baselines, whatever becomes of each. */
  @Override
  public void close() throws IOException {
    IOException failure = null;
    while (!owned.isEmpty()) {
      try {
        owned.pop().close();
      } catch (Exception e) {
        failure = new IOException("closing: " + e.getMessage(), e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
