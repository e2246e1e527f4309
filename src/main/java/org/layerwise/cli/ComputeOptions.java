package org.layerwise.cli;

import org.layerwise.base.UserException;
import org.layerwise.study.ComputeType;
import org.layerwise.study.Loading;
import org.layerwise.study.ModelSettings;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code --device}, {@code --dtype} and {@code --load}: where and in what a model computes. */
final class ComputeOptions {

    @Mixin
    private DeviceOption device = new DeviceOption();

    @Option(
            names = "--dtype",
            paramLabel = "auto|f32|bf16|f16",
            order = 901,
            description =
                    "Numbers to compute in. auto is float32 on the CPU, and on a GPU bfloat16 for checkpoints stored"
                            + " in 16 bits. Half of the memory in 16 bits; f16 needs a GPU. Default: auto.")
    private ComputeType type = ComputeType.AUTO;

    @Option(
            names = "--load",
            paramLabel = "auto|whole|layers|none",
            order = 902,
            description = "How much of the model is in memory at a time. layers is for analysing models larger than the"
                    + " memory; auto does so where the whole does not fit. none, which is usual with --on, asks for"
                    + " configuration and tokenizer only. Default: auto.")
    private Loading loading = Loading.AUTO;

    /** @throws UserException if there can be no such device */
    ModelSettings settings(String model) {
        return new ModelSettings(model, device(), type, loading);
    }

    /**
     * For work of which a cluster computes all.
     *
     * @throws UserException if a device of this computer is named
     */
    void requireNoDevice(String place) {
        if (!device().equals("auto")) {
            throw new UserException(
                    "--device names what computes here, but %s does it; leave --device out. GPUs there are asked for with --gpu-workers, or with the queue's --gpus."
                            .formatted(place));
        }
    }

    /** @throws UserException if there can be no such device */
    String device() {
        return device.device();
    }
}
