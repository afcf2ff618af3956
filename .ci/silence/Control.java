import ai.onnxruntime.OrtEnvironment;

/** The same with ONNX Runtime alone; lives until it is ended. */
final class Control {
  public static void main(String[] args) throws Exception {
    OrtEnvironment.getEnvironment().createSession(args[0]).close();
    Thread.sleep(90_000);
  }
}
