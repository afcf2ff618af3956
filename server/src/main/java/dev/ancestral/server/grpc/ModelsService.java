package dev.ancestral.server.grpc;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.diffusion.sampler.Sampler;
import dev.ancestral.diffusion.sampler.Samplers;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import dev.ancestral.server.repository.ModelRepository;
import dev.ancestral.server.repository.ServedModel;
import dev.ancestral.v1.GetModelRequest;
import dev.ancestral.v1.ListModelsRequest;
import dev.ancestral.v1.ListModelsResponse;
import dev.ancestral.v1.Model;
import dev.ancestral.v1.ModelsGrpc;
import dev.ancestral.v1.Schedule;
import io.grpc.stub.StreamObserver;
import java.util.Arrays;

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
    Sampler sampler = RequestResolver.defaultSampler(bundle);
    Model.Builder model =
        Model.newBuilder()
            .setName(served.name())
            .addAllDataShape(bundle.data().shape())
            .setDataMin(bundle.data().min())
            .setDataMax(bundle.data().max())
            .setSchedule(schedule(bundle))
            .setPredictionType(bundle.scheduler().predictionType().label())
            .addAllSamplers(Samplers.namesFor(bundle.model()))
            .setDefaultSampler(sampler.name())
            .setDefaultSteps(RequestResolver.defaultSteps(bundle, sampler))
            .setDevice(served.device())
            .setOnnxBytes(served.onnxBytes())
            .putAllProvenance(bundle.provenance())
            .setQueueCapacity(served.engine().capacity())
            .setQueueRows(served.engine().rows());
    Conditioning conditioning = bundle.conditioning();
    if (conditioning != null) {
      model
          .setNumClasses(conditioning.numClasses())
          .addAllClassNames(conditioning.classNames())
          .setHasNullLabel(conditioning.nullLabel() != null);
    }
    return model.build();
  }

  private static Schedule schedule(Bundle bundle) {
    NoiseSchedule schedule = bundle.scheduler().schedule();
    return Schedule.newBuilder()
        .setName(bundle.scheduler().betaSchedule())
        .setNumTrainTimesteps(schedule.timesteps())
        .addAllBetas(Arrays.stream(schedule.betas()).boxed().toList())
        .setFinalSnr(schedule.finalSnr())
        .build();
  }
}
