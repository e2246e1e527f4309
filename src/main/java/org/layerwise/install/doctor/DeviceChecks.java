package org.layerwise.install.doctor;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.layerwise.base.ByteSize;
import org.layerwise.base.CheckResult;
import org.layerwise.install.torch.EngineFacts;

/** Messages about devices. */
final class DeviceChecks {

    private DeviceChecks() {}

    static CheckResult finding(EngineFacts.DeviceFacts device) {
        String free =
                device.freeBytes().isPresent() ? ByteSize.of(device.freeBytes().getAsLong()) + " free" : "";
        String text =
                Stream.of(device.name(), free).filter(words -> !words.isEmpty()).collect(Collectors.joining(", "));
        return CheckResult.ok("Device " + device.id(), text.isEmpty() ? "there" : text);
    }
}
