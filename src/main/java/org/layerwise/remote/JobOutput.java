package org.layerwise.remote;

import java.util.regex.Pattern;
import org.layerwise.base.ResponseLimit;

/**
 * Files of a job that may be fetched, by their paths in the folder of its run on the cluster. All other files stay on
 * the cluster: a run's folder on this computer has files of its own, such as its ticket and its settings, which no
 * cluster may write.
 */
public enum JobOutput {

    /** Adapter as PEFT writes it, and the course of the training. */
    TRAINING("ending\\.json|metrics\\.jsonl|adapter/(?:adapter_config\\.json|adapter_model\\.safetensors|README\\.md)"),

    /** Rows of each worker. */
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

    /** Returns the maximum size of a file, in bytes; tensors are limited only by the free space of the disk. */
    static long mostBytes(String name) {
        if (name.endsWith(TENSORS)) {
            return Long.MAX_VALUE;
        }
        return name.equals(RemoteLogTail.METRICS) ? RemoteLogTail.MOST_BYTES : ResponseLimit.MOST_BYTES;
    }
}
