package org.layerwise.study.cluster;

import java.nio.file.Path;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.BaseModel;
import org.layerwise.lora.PeftAdapter;

/**
 * An adapter in a job, as PEFT writes it. With PiSSA, the folder {@code principal} in it holds the part that was taken out of the
 * weights, as a plain adapter: the job's program takes out the same. PEFT would look for that part again, which for
 * {@code pissa_niter_N} it draws by other random numbers.
 */
final class JobAdapter {

    private static final String PRINCIPAL = "principal";

    private JobAdapter() {}

    /**
     * Writes an adapter.
     *
     * @param adapted the model with it
     * @param named the base model as the files name it
     * @throws org.layerwise.base.UserException if a file cannot be written
     */
    static void write(PeftAdapter adapter, AdaptedModel adapted, BaseModel named, Path folder) {
        adapter.write(folder);
        adapted.initial(named).ifPresent(part -> part.write(folder.resolve(PRINCIPAL)));
    }
}
