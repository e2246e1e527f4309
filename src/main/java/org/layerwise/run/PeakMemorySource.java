package org.layerwise.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.layerwise.base.json.Json;

/**
 * Subject of the peak memory of a run. The peaks of different subjects cannot be compared: a process holds code and
 * libraries, and on a card only tensors are counted.
 */
public enum PeakMemorySource {
    /** Process of Layerwise on this computer, with the model, the virtual machine and the evaluations. */
    PROCESS("process"),
    /** First worker of a job that has not told its device: its process, or the tensors on its card. */
    JOB("job"),
    /** Process of the first worker of a job. */
    WORKER("worker"),
    /** Tensors of PyTorch on the card of the first worker of a job. */
    CARD("card");

    private final String id;

    PeakMemorySource(String id) {
        this.id = id;
    }

    /** Returns the name in files and tables. */
    public String id() {
        return id;
    }

    /** Returns the subject of a run's peak memory, by the versions in its summary. */
    public static PeakMemorySource of(Run run) {
        if (!run.environment().containsKey("remote") && !Run.isRemote(run.folder())) {
            return PROCESS;
        }
        Path summary = run.folder().resolve(SummaryFile.NAME);
        JsonNode device = Files.isRegularFile(summary)
                ? Json.read(summary).path("versions").path("device")
                : Json.object().path("device");
        if (!device.isTextual()) {
            return JOB;
        }
        return device.textValue().equals("cpu") ? WORKER : CARD;
    }
}
