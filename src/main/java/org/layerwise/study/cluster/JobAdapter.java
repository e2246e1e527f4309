package org.layerwise.study.cluster;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.layerwise.base.UserException;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.BaseModel;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.study.report.AdapterCard;

/**
 * Adapter in the files of a job, as PEFT writes it. With PiSSA, its subfolder {@code principal} holds the principal
 * components that were taken from the weights as a standard LoRA adapter, and the job's program subtracts the same
 * components. PEFT would recompute them, and for {@code pissa_niter_N} with other random numbers.
 */
final class JobAdapter {

    private static final String PRINCIPAL = "principal";

    private JobAdapter() {}

    /**
     * Refuses an adapter that jobs do not support.
     *
     * @param name beginning of the message, such as the adapter's folder
     * @param way the way out, as an imperative
     * @throws UserException if jobs do not support the adapter
     */
    static void requireSupported(PeftAdapter adapter, Object name, String way) {
        if (adapter.config().variant().sharded()) {
            throw new UserException(
                    "%s has adapters of MiSS, which are computed on this computer alone; convert them to LoRA (layerwise convert-adapter), or choose another variant."
                            .formatted(name));
        }
        if (adapter.adaptsExperts()) {
            throw new UserException(
                    "%s has LoRA on experts, which is computed on this computer alone; %s.".formatted(name, way));
        }
    }

    /**
     * Writes an adapter.
     *
     * @param adapted model with the adapter
     * @param named base model, as the files reference it
     * @param folder folder to write
     * @throws org.layerwise.base.UserException if a file cannot be written
     */
    static void write(PeftAdapter adapter, AdaptedModel adapted, BaseModel named, Path folder) {
        adapter.write(folder);
        adapted.initial(named).ifPresent(part -> part.write(folder.resolve(PRINCIPAL)));
    }

    /** Returns the paths of all files that may be in the folder of an adapter. */
    static Stream<Path> files(Path folder) {
        return Stream.of(folder, folder.resolve(PRINCIPAL))
                .flatMap(place -> Stream.of(AdapterCard.FILE, PeftAdapter.CONFIG, PeftAdapter.WEIGHTS)
                        .map(place::resolve));
    }
}
