package dev.ancestral.trainer.network.script;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A function in TorchScript. Gradients flow through it to its inputs. Closed by the manager that it
 * was loaded in, at the latest.
 */
public final class Script implements AutoCloseable {
  private static final String CLASS = "Script";

  private final PtSymbolBlock module;

  private Script(PtSymbolBlock module) {
    this.module = module;
  }

  /**
   * Loads it.
   *
   * @param parameters names of what it takes, tensors all
   * @param result the type of what it answers: {@code Tensor}, or {@code Tuple[Tensor, Tensor]}
   * @param lines of its body, the last of which returns the result
   * @throws ai.djl.engine.EngineException if the engine cannot read it, quoting the line
   */
  public static Script load(
      NDManager manager, List<String> parameters, String result, List<String> lines) {
    StringBuilder source = new StringBuilder();
    source.append("class ").append(CLASS).append("(Module):\n");
    source.append("  __parameters__ = []\n  __buffers__ = []\n");
    source.append("  def forward(self: __torch__.").append(CLASS);
    parameters.forEach(name -> source.append(",\n    ").append(name).append(": Tensor"));
    source.append(") -> ").append(result).append(":\n");
    lines.forEach(line -> source.append("    ").append(line).append('\n'));
    byte[] archive = ScriptArchive.of(CLASS, source.toString());
    try {
      return new Script(
          JniUtils.loadModule(
              (PtNDManager) manager, new ByteArrayInputStream(archive), false, false));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Calls it.
   *
   * @param inputs as many as it has parameters; the first one's manager owns what is answered
   */
  public NDList call(NDList inputs) {
    // Of this thread. The optimizer would change how gradients are computed after the first call:
    // a resumed training would not continue to the bit.
    JniUtils.setGraphExecutorOptimize(false);
    return IValueUtils.forward(module, inputs, true);
  }

  /** A number as TorchScript writes it. */
  public static String number(Number number) {
    return number instanceof Float || number instanceof Double
        ? Double.toString(number.doubleValue()).replace('E', 'e')
        : number.toString();
  }

  @Override
  public void close() {
    module.close();
  }
}
