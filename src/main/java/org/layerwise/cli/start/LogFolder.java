package org.layerwise.cli.start;

import ch.qos.logback.core.PropertyDefinerBase;
import org.layerwise.install.AppFolders;

/** Provides {@code logback.xml} with the folder of the log files. */
public final class LogFolder extends PropertyDefinerBase {

    @Override
    public String getPropertyValue() {
        return AppFolders.ofPlatform().logs().toString();
    }
}
