package io.scrimplb.app.cli;

import io.scrimplb.membership.trust.ClusterSecret;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code scrimp secret}. */
final class SecretCommand implements Callable<Integer> {
    private final CommandContext context;
    private final CommandSpec spec;

    SecretCommand(CommandContext context) {
        this.context = context;
        this.spec = CommandForm.of(
                "secret",
                "Prints a new cluster secret. The members of a cluster all get the same one; it keeps strangers out and"
                        + " encrypts what members say to each other.",
                this,
                "",
                "Example:  scrimp secret > secret.txt",
                "          SCRIMP_CLUSTER_SECRET_FILE=secret.txt scrimp lb",
                "",
                "Whoever has it can do anything in the cluster. A backend that shall do",
                "less gets a token: scrimp token create --help");
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() {
        context.out().println(ClusterSecret.generate().reveal());
        context.hint("Give it to every member as SCRIMP_CLUSTER_SECRET, in a file that SCRIMP_CLUSTER_SECRET_FILE"
                + " names, or as cluster-secret in the configuration. It is kept nowhere else.");
        return ExitCode.OK;
    }
}
