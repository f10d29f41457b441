package io.scrimplb.app.cli;

import io.scrimplb.app.config.LoadRequest;
import io.scrimplb.app.config.LoadedConfig;
import io.scrimplb.app.config.Overrides;
import io.scrimplb.app.config.TokenFlags;
import io.scrimplb.membership.Claims;
import io.scrimplb.membership.Role;
import io.scrimplb.membership.trust.ClusterSecret;
import io.scrimplb.membership.trust.JoinToken;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** {@code scrimp token create}. The secret comes from the configuration, never from an argument that others could see. */
final class TokenCreateCommand implements Callable<Integer> {
    private static final String ROLE = "backend";
    private static final String TTL = "1h";

    private final CommandContext context;
    private final CommandSpec spec;
    private final FileOption file;
    private final OptionSpec role;
    private final OptionSpec domains;
    private final OptionSpec ports;
    private final OptionSpec ttl;

    TokenCreateCommand(CommandContext context) {
        this.context = context;
        this.spec = CommandForm.of(
                "create",
                "Prints a token by which a backend joins without the cluster secret, and may offer only what the token"
                        + " allows. Run it where the secret is configured.",
                this,
                "",
                "Example:  scrimp token create --domains '*.example.com' --ports 443 --ttl 1h",
                "",
                "The backend gets it as join-token or SCRIMP_JOIN_TOKEN. A backend that",
                "joined in time stays as long as its process lives; to come back after the",
                "end it needs a new token. Until then whoever has the token can join within",
                "its limits; only a new cluster secret makes it void.");
        this.file = new FileOption(spec);
        this.role = option("--role", "ROLE", "What it lets its holder be: " + ROLE, TokenFlags::role);
        this.domains = option(
                "--domains",
                "DOMAIN[,...]",
                "Domains it may claim, such as '*.example.com'; any if not said",
                TokenFlags::domains);
        this.ports = option(
                "--ports",
                "PORT[,...]",
                "Listen ports it may ask for, such as 443,8000-8999; any if not said, within those of the load balancer",
                TokenFlags::ports);
        this.ttl = option(
                "--ttl",
                "DURATION",
                "How long it lets somebody join, such as 30m, 1h or 90d; " + TTL + " if not said",
                TokenFlags::ttl);
    }

    private OptionSpec option(String name, String label, String description, CommandForm.Parser<?> parser) {
        OptionSpec option = OptionSpec.builder(name)
                .paramLabel(label)
                .type(String.class)
                .converters(CommandForm.checked(text -> {
                    parser.parse(text);
                    return text;
                }))
                .description(description)
                .build();
        spec.addOption(option);
        return option;
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws Exception {
        Role wanted = TokenFlags.role(value(role, ROLE));
        String domainText = domains.getValue();
        String portText = ports.getValue();
        Claims claims = new Claims(
                domainText == null ? TokenFlags.ANY_DOMAIN : TokenFlags.domains(domainText),
                portText == null ? TokenFlags.ANY_PORT : TokenFlags.ports(portText));
        LoadedConfig config = context.load(new LoadRequest(file.file(), Optional.empty(), Overrides.NONE));
        ClusterSecret secret = config.config()
                .cluster()
                .secret()
                .orElseThrow(() -> new CommandFailure(
                        ExitCode.CONFIGURATION,
                        "no cluster-secret is configured here; run this where the load balancer's configuration is: -c FILE,"
                                + " or SCRIMP_CLUSTER_SECRET or SCRIMP_CLUSTER_SECRET_FILE in the environment"));
        Instant end = Clock.systemUTC()
                .instant()
                .plus(TokenFlags.ttl(value(ttl, TTL)))
                .truncatedTo(ChronoUnit.SECONDS);
        try {
            context.out().println(JoinToken.create(secret, wanted, claims, end).reveal());
        } catch (IllegalArgumentException bad) {
            throw new ParameterException(spec.commandLine(), OneLine.of(bad), bad);
        }
        context.hint(
                "Lets a backend join until " + end + ". Give it to the backend as SCRIMP_JOIN_TOKEN, in a file that"
                        + " SCRIMP_JOIN_TOKEN_FILE names, or as join-token in its configuration.");
        return ExitCode.OK;
    }

    private static String value(OptionSpec option, String absent) {
        String given = option.getValue();
        return given == null ? absent : given;
    }
}
