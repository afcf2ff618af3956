package dev.ancestral.server.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.sun.jna.NativeLibrary;
import org.junit.jupiter.api.Test;

/** The tests run in a program that the launcher did not start, as someone else's would be. */
final class OnnxSilenceTest {
  @Test
  void aProgramThatLoadsOnnxRuntimeForbidsItToReport_whateverItsEnvironment() {
    assertNull(System.getenv("ORT_DISABLE_TELEMETRY"), "given to this process, so proves nothing");
    new OnnxRuntime(Device.cpu("a test"), 1);
    assertEquals(
        "1",
        NativeLibrary.getProcess()
            .getFunction("getenv")
            .invokeString(new Object[] {"ORT_DISABLE_TELEMETRY"}, false));
  }
}
