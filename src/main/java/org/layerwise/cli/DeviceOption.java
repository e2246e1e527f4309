package org.layerwise.cli;

import org.layerwise.base.UserException;
import picocli.CommandLine.Option;

/** {@code --device}. */
final class DeviceOption {

    @Option(
            names = "--device",
            paramLabel = "auto|cpu|cuda[:i]",
            defaultValue = "auto",
            order = 900,
            description = "Where to compute; auto takes the first GPU that can be used, else the CPU. Default: auto.")
    private String device = "auto";

    String device() {
        if (!device.matches("auto|cpu|cuda(:\\d{1,3})?")) {
            throw new UserException(
                    "There is no device \"%s\"; --device takes auto, cpu, cuda or cuda:i.".formatted(device));
        }
        return device;
    }
}
