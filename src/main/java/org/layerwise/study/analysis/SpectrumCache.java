package org.layerwise.study.analysis;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.layerwise.analysis.WeightSpectrum;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.FileErrors;
import org.layerwise.model.LinearModule;

/**
 * Singular values of the weights of a model in the cache folder, one file of float64 numbers for each module, so that a scan goes on where
 * an earlier one was stopped.
 *
 * @param folder folder of the model, named by the hash of its weights
 */
record SpectrumCache(Path folder) {

    /** Returns the singular values of a module; empty if they are not there, or not as many as the module has. */
    Optional<double[]> find(LinearModule module) {
        Path file = file(module.name());
        try {
            if (!Files.exists(file) || Files.size(file) != size(module)) {
                return Optional.empty();
            }
            double[] values = new double[Math.min(module.out(), module.in())];
            ByteBuffer.wrap(Files.readAllBytes(file))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asDoubleBuffer()
                    .get(values);
            return Optional.of(values);
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(file, FileErrors.reason(e)), e);
        }
    }

    private static long size(LinearModule module) {
        return (long) Math.min(module.out(), module.in()) * Double.BYTES;
    }

    /** @throws UserException if the file cannot be written */
    void put(WeightSpectrum spectrum) {
        double[] values = spectrum.values();
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(values);
        AtomicFiles.write(file(spectrum.module()), beside -> Files.write(beside, bytes.array()));
    }

    private Path file(String module) {
        return folder.resolve(module + ".f64");
    }
}
