package org.layerwise.cli;

import ch.qos.logback.core.PropertyDefinerBase;
import org.layerwise.study.AppFolders;

/** Provides {@code logback.xml} with the folder of the log files. */
public final class LogFolder extends PropertyDefinerBase {

    @Override
    public String getPropertyValue() {
        return AppFolders.ofPlatform().logs().toString();
    }
}
