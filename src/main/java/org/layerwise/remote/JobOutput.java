package org.layerwise.remote;

import java.util.regex.Pattern;
import org.layerwise.base.AnswerLimit;

/**
 * The files that may be fetched of a job, by their paths in the folder of its run there. Whatever else a cluster names stays there: a
 * run's folder here has files of its own, such as its ticket and its settings, which no cluster may write.
 */
public enum JobOutput {

    /** An adapter as PEFT writes it, and how the training went. */
    TRAINING("ending\\.json|metrics\\.jsonl|adapter/(?:adapter_config\\.json|adapter_model\\.safetensors|README\\.md)"),

    /** The rows of each worker. */
    EXTRACTION("ending\\.json|part-[0-9]{1,6}-of-[0-9]{1,6}\\.safetensors");

    private static final String TENSORS = ".safetensors";

    private final Pattern names;

    JobOutput(String names) {
        this.names = Pattern.compile(names);
    }

    /** Returns true if a file is fetched. */
    boolean has(String name) {
        return names.matcher(name).matches();
    }

    /** The most bytes that a file may have; only the room on the disk limits tensors. */
    static long mostBytes(String name) {
        if (name.endsWith(TENSORS)) {
            return Long.MAX_VALUE;
        }
        return name.equals(MirroredLines.METRICS) ? MirroredLines.MOST_BYTES : AnswerLimit.MOST_BYTES;
    }
}
