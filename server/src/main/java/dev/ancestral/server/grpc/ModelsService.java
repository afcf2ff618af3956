package dev.ancestral.server.grpc;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.Defaults;
import dev.ancestral.diffusion.sampler.FittedTables;
import dev.ancestral.diffusion.sampler.Sampler;
import dev.ancestral.diffusion.sampler.Samplers;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import dev.ancestral.server.engine.CostCurve;
import dev.ancestral.server.repository.ModelRepository;
import dev.ancestral.server.repository.ServedModel;
import dev.ancestral.v1.GetModelRequest;
import dev.ancestral.v1.ListModelsRequest;
import dev.ancestral.v1.ListModelsResponse;
import dev.ancestral.v1.Model;
import dev.ancestral.v1.ModelsGrpc;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.Schedule;
import io.grpc.stub.StreamObserver;
import java.util.Arrays;
import java.util.List;

/** {@code ancestral.v1.Models}. */
final class ModelsService extends ModelsGrpc.ModelsImplBase {
  private final ModelRepository repository;
  private final ModelLookup models;

  ModelsService(ModelRepository repository, ModelLookup models) {
    this.repository = repository;
    this.models = models;
  }

  @Override
  public void listModels(
      ListModelsRequest request, StreamObserver<ListModelsResponse> responseObserver) {
    ListModelsResponse.Builder response = ListModelsResponse.newBuilder();
    repository.models().forEach(model -> response.addModels(describe(model)));
    responseObserver.onNext(response.build());
    responseObserver.onCompleted();
  }

  @Override
  public void getModel(GetModelRequest request, StreamObserver<Model> responseObserver) {
    Model model;
    try {
      model = describe(models.find("name", request.getName()));
    } catch (RuntimeException e) {
      responseObserver.onError(StatusMapping.of(e));
      return;
    }
    responseObserver.onNext(model);
    responseObserver.onCompleted();
  }

  private static Model describe(ServedModel served) {
    Bundle bundle = served.bundle();
    SamplerChoice choice =
        SamplerChoice.of(SampleRequest.getDefaultInstance(), bundle, null, bundle.clipping());
    Sampler sampler = choice.sampler();
    List<String> samplers = Samplers.namesFor(bundle.model());
    Model.Builder model =
        Model.newBuilder()
            .setName(served.name())
            .addAllDataShape(bundle.data().shape())
            .setDataMin(bundle.data().min())
            .setDataMax(bundle.data().max())
            .setSchedule(schedule(bundle))
            .setPredictionType(bundle.scheduler().predictionType().label())
            .setVarianceType(bundle.scheduler().variance().label())
            .setLearnsVariance(bundle.scheduler().variance().isLearned())
            .setContinuousTimesteps(bundle.continuousTimesteps())
            .addAllSamplers(samplers)
            .addAllSamplerDefaults(samplers.stream().map(name -> defaults(bundle, name)).toList())
            .setTakesGuidance(GuidanceResolver.isPossible(bundle))
            .setDefaultGuidanceWeight(bundle.recommended().guidanceWeight())
            .setDefaultGuidanceRescale(bundle.recommended().guidanceRescale())
            .setDefaultSampler(sampler.name())
            .setDefaultSteps(Defaults.steps(bundle, sampler, 1))
            .setDevice(served.device())
            .setOnnxBytes(served.onnxBytes())
            .setNetworkSha256(served.networkSha256())
            .putAllProvenance(bundle.provenance())
            .setQueueCapacity(served.engine().capacity())
            .setQueueRows(served.engine().rows());
    for (CostCurve.Point point : served.engine().costCurve().measured()) {
      model.addCallTimesBuilder().setRows(point.rows()).setMs(point.millis());
    }
    switch (served.engine().batchInvariance()) {
      case VERIFIED -> model.setBatchInvariant(true);
      case BROKEN -> model.setBatchInvariant(false);
      case UNVERIFIED -> {}
    }
    FittedTables fitted = bundle.fitted();
    if (fitted != null) {
      model.setFitted(FittedMessage.of(fitted, choice.words(), Defaults.sampler(bundle).name()));
    }
    Conditioning conditioning = bundle.conditioning();
    if (conditioning != null) {
      Integer nullLabel = conditioning.nullLabel();
      model
          .setNumClasses(conditioning.numClasses())
          .addAllClassNames(conditioning.classNames())
          .setHasNullLabel(nullLabel != null);
      if (nullLabel != null) {
        model.setNullLabel(nullLabel);
      }
    }
    return model.build();
  }

  /** What a request becomes that names this sampler and no more. */
  private static SampleRequest defaults(Bundle bundle, String sampler) {
    SampleRequest.Builder resolved = SampleRequest.newBuilder();
    FieldChecks checks = new FieldChecks();
    ChainResolver.resolve(
        SampleRequest.newBuilder().setSampler(sampler).build(), resolved, null, bundle, checks);
    checks.verify();
    return resolved.build();
  }

  private static Schedule schedule(Bundle bundle) {
    NoiseSchedule schedule = bundle.scheduler().schedule();
    Schedule.Builder message =
        Schedule.newBuilder()
            .setName(bundle.scheduler().betaSchedule())
            .setNumTrainTimesteps(schedule.timesteps())
            .setFinalSnr(schedule.finalSnr());
    return schedule.isVariancePreserving()
        ? message.addAllBetas(list(schedule.betas())).build()
        : message.addAllSigmas(list(schedule.sigmas())).build();
  }

  private static List<Double> list(double[] numbers) {
    return Arrays.stream(numbers).boxed().toList();
  }
}
