package dev.ancestral.server.check;

import dev.ancestral.server.check.CheckReport.ModelReport;
import dev.ancestral.server.engine.Calibration;
import dev.ancestral.server.engine.Denoiser;
import dev.ancestral.server.engine.DeviceChain;
import dev.ancestral.server.engine.TimedCalibrator;
import dev.ancestral.server.onnx.Device;
import dev.ancestral.server.onnx.OnnxRuntime;
import dev.ancestral.server.onnx.ThreadPool;
import dev.ancestral.server.repository.ModelLocation;
import dev.ancestral.server.repository.OpenModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Compares a device with the CPU, and single steps with the chain on the device. */
public final class DeviceCheck {
  /** Two samples, one of them guided; and one row fewer is a batch that a GPU pads. */
  public static final int LEAST_ROWS = 4;

  private final OnnxRuntime reference;
  private final OnnxRuntime device;
  private final int maxRows;

  /**
   * @param device to check; one that was asked for, so that it fails rather than give way
   * @param pool threads of ONNX Runtime
   * @param maxRows the most rows of a call, {@value #LEAST_ROWS} or more
   */
  public DeviceCheck(Device device, ThreadPool pool, int maxRows) {
    this.reference = new OnnxRuntime(Device.cpu("to compare with"), pool);
    this.device = new OnnxRuntime(device, pool);
    this.maxRows = maxRows;
  }

  /**
   * Checks each model, one after the other.
   *
   * @throws IllegalArgumentException naming the model's file that cannot be opened
   * @throws IOException if a file cannot be read
   */
  public CheckReport run(List<ModelLocation> models) throws IOException {
    List<ModelReport> reports = new ArrayList<>();
    for (ModelLocation model : models) {
      reports.add(check(model));
    }
    return new CheckReport(device.description(), reference.description(), reports);
  }

  private ModelReport check(ModelLocation location) throws IOException {
    try (OpenModel onCpu = OpenModel.open(location, reference);
        OpenModel onDevice = OpenModel.open(location, device)) {
      if (onCpu.rows(maxRows) < maxRows) {
        throw new IllegalArgumentException(
            "model %s: takes one row a call (expected: a free batch, to be compared in several sizes)"
                .formatted(location.name()));
      }
      return check(location, onCpu, onDevice);
    }
  }

  private ModelReport check(ModelLocation location, OpenModel onCpu, OpenModel onDevice)
      throws IOException {
    try (Denoiser expected = onCpu.denoiser(maxRows);
        Denoiser actual = onDevice.denoiser(maxRows);
        DeviceChain chain = onDevice.chain(maxRows)) {
      actual.warmUp();
      Calibration calibration =
          new TimedCalibrator(onDevice.bundle().scheduler().schedule().timesteps())
              .calibrate(actual);
      ModelCheck check = new ModelCheck(onDevice.bundle(), expected, actual, chain);
      return new ModelReport(
          location.name(),
          onDevice.bundle().data().shape(),
          check.comparisons(device.device().isGpu()),
          calibration.invariance().label(),
          calibration.curve().measured(),
          check.times(List.of(1, Math.min(maxRows, calibration.curve().peakRows()))));
    }
  }
}
