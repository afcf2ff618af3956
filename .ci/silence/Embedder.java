import dev.ancestral.server.onnx.Device;
import dev.ancestral.server.onnx.OnnxRuntime;
import java.nio.file.Path;

/** Someone else's program, which the launcher did not start: opens a network, and lives on. */
final class Embedder {
  public static void main(String[] args) throws Exception {
    OnnxRuntime runtime = new OnnxRuntime(Device.cpu("someone else's program"), 1);
    runtime.open(Path.of(args[0])).close();
    Thread.sleep(30_000);
  }
}
