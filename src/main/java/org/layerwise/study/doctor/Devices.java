package org.layerwise.study.doctor;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.layerwise.base.ByteWords;
import org.layerwise.base.Finding;
import org.layerwise.study.compute.EngineFacts;

/** Messages about devices. */
final class Devices {

    private Devices() {}

    static Finding finding(EngineFacts.DeviceFacts device) {
        String free =
                device.freeBytes().isPresent() ? ByteWords.of(device.freeBytes().getAsLong()) + " free" : "";
        String text =
                Stream.of(device.name(), free).filter(words -> !words.isEmpty()).collect(Collectors.joining(", "));
        return Finding.ok("Device " + device.id(), text.isEmpty() ? "there" : text);
    }
}
