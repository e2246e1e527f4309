package org.layerwise.cli;

import ch.qos.logback.core.PropertyDefinerBase;
import org.layerwise.study.AppFolders;

/** Tells {@code logback.xml} where the log files go. */
public final class LogFolder extends PropertyDefinerBase {

    @Override
    public String getPropertyValue() {
        return AppFolders.ofPlatform().logs().toString();
    }
}
