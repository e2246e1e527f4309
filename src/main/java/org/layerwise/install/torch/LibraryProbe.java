package org.layerwise.install.torch;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TorchLibraries;

/**
 * Starts the engine with some libraries and multiplies matrices on each device, in a process that may crash. The result
 * is one line of JSON for {@link LibraryCheck}.
 */
public final class LibraryProbe {

    /** Argument that makes the program execute only this probe. */
    public static final String ARGUMENT = "--probe-libraries";

    private static final float[] LEFT = {1, 2, 3, 4};
    private static final float[] RIGHT = {5, 6, 7, 8};
    private static final float[] PRODUCT = {19, 22, 43, 50};

    private LibraryProbe() {}

    /**
     * Tests the libraries.
     *
     * @param folder folder as the user named it
     * @param links folder in which to create links to the libraries
     * @return the line to print: facts about the engine, or {@code {"error": sentence}}
     */
    public static String run(Path folder, Path links) {
        ObjectNode found = Json.object();
        try {
            TorchFolder torch = TorchFolder.find(folder);
            boolean driver = NvidiaDriver.Probe.ofSystem().loadable();
            TorchLibraries libraries = LinkFolder.make(torch, links, driver);
            libraries.load();
            TensorEngine engine = TensorEngine.start();
            found.put("version", torch.version());
            found.put("libtorch", engine.version());
            found.put("flavour", engine.flavour());
            engine.cudaRuntime().ifPresent(version -> found.put("cuda", version));
            ArrayNode devices = found.putArray("devices");
            for (Device device : engine.devices()) {
                multiply(engine, device);
                devices.add(device.id());
            }
        } catch (UserException e) {
            found.removeAll();
            found.put("error", e.getMessage());
        }
        return Json.line(found);
    }

    private static void multiply(TensorEngine engine, Device device) {
        try (Scope scope = engine.inference()) {
            Tensor left = engine.of(LEFT, 2, 2).to(device);
            Tensor right = engine.of(RIGHT, 2, 2).to(device);
            float[] product = left.matmul(right).to(Device.CPU).floats();
            for (int i = 0; i < PRODUCT.length; i++) {
                if (product[i] != PRODUCT[i]) {
                    throw new UserException("The libraries multiply wrongly on %s: %s instead of %s."
                            .formatted(device, product[i], PRODUCT[i]));
                }
            }
        }
    }
}
