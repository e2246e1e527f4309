package org.layerwise.gui.app;

import java.net.URI;
import java.util.function.Consumer;
import java.util.function.Function;
import org.layerwise.gui.tasks.WorkLanes;
import org.layerwise.remote.ssh.SshQuestions;
import org.layerwise.study.Workbench;
import org.layerwise.study.cluster.ClusterAccess;

/**
 * Objects that all windows share.
 *
 * @param workbench access to models, data and devices
 * @param access returns access to the clusters of the user who answers questions
 * @param lanes threads on which the work is done
 * @param web opens an address in the browser
 * @param prepares true if what a window shows later is prepared after it is first painted
 */
record WindowServices(
        Workbench workbench,
        Function<SshQuestions, ClusterAccess> access,
        WorkLanes lanes,
        WindowSettings settings,
        DefaultFolders places,
        Appearance appearance,
        Windows windows,
        Consumer<URI> web,
        boolean prepares) {}
