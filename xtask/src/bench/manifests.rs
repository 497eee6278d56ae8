//! Makes large files of mixed Kubernetes documents, the same ones every time.

use std::fmt::Write;

/// About so many bytes of manifests: workloads, CRDs, ConfigMaps with block scalars, and the small kinds.
pub fn mixed(bytes: usize) -> String {
    let mut out = String::with_capacity(bytes + 32 * 1024);
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    while out.len() < bytes {
        if !out.is_empty() {
            out.push_str("---\n");
        }
        // Shares are by bytes, roughly: CRDs are long, the small kinds short.
        match dice.below(100) {
            0..52 => workload(&mut out, &mut dice),
            52..56 => definition(&mut out, &mut dice),
            56..66 => config_map(&mut out, &mut dice),
            66..86 => service(&mut out, &mut dice),
            86..94 => role(&mut out, &mut dice),
            _ => secret(&mut out, &mut dice),
        }
    }
    out
}

/// Splitmix64: enough to mix sizes and words.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn word(&mut self) -> &'static str {
        const WORDS: [&str; 16] = [
            "api", "web", "cache", "orders", "billing", "search", "gateway", "worker", "metrics", "auth",
            "mail", "report", "ingest", "queue", "store", "proxy",
        ];
        WORDS[self.below(16) as usize]
    }
}

fn head(out: &mut String, dice: &mut Dice, version: &str, kind: &str) -> String {
    let name = format!("{}-{}-{}", dice.word(), dice.word(), dice.below(10_000));
    let _ = write!(
        out,
        "apiVersion: {version}\nkind: {kind}\nmetadata:\n  name: {name}\n  namespace: {}\n  labels:\n    \
         app.kubernetes.io/name: {name}\n    app.kubernetes.io/part-of: {}\n    tier: \"{}\"\n",
        dice.word(),
        dice.word(),
        dice.below(4)
    );
    name
}

fn workload(out: &mut String, dice: &mut Dice) {
    let kind = ["Deployment", "StatefulSet", "DaemonSet"][dice.below(3) as usize];
    let name = head(out, dice, "apps/v1", kind);
    let _ = write!(
        out,
        "  annotations:\n    checksum/config: {:016x}{:016x}\nspec:\n  replicas: {}\n  selector:\n    matchLabels:\n      \
         app: {name}\n  template:\n    metadata:\n      labels:\n        app: {name}\n    spec:\n      containers:\n",
        dice.next(),
        dice.next(),
        dice.below(9)
    );
    for n in 0..=dice.below(3) {
        let port = 8000 + dice.below(1000);
        let _ = write!(
            out,
            "      - name: {0}-{n}\n        image: registry.example.com/{0}/{1}:v{2}.{3}.{4}\n        \
             imagePullPolicy: IfNotPresent\n        args:\n        - --listen=:{port}\n        - --log-level=info\n        \
             - --config=/etc/{0}/config.yaml\n        ports:\n        - name: http\n          containerPort: {port}\n          \
             protocol: TCP\n        env:\n",
            dice.word(),
            dice.word(),
            dice.below(10),
            dice.below(30),
            dice.below(99)
        );
        for _ in 0..dice.below(8) {
            let _ = write!(
                out,
                "        - name: {}_{}\n          value: \"{}\"\n",
                dice.word().to_uppercase(),
                dice.word().to_uppercase(),
                dice.below(100_000)
            );
        }
        let _ = write!(
            out,
            "        - name: POD_IP\n          valueFrom:\n            fieldRef:\n              fieldPath: status.podIP\n        \
             resources:\n          requests: {{cpu: {0}m, memory: {1}Mi}}\n          limits:\n            cpu: {0}m\n            \
             memory: {1}Mi\n        # probes are generous: the first start migrates\n        livenessProbe:\n          \
             httpGet: {{path: /healthz, port: http}}\n          initialDelaySeconds: 30\n          periodSeconds: 10\n        \
             securityContext:\n          runAsNonRoot: true\n          allowPrivilegeEscalation: false\n          \
             capabilities:\n            drop: [ALL]\n        volumeMounts:\n        - name: config\n          \
             mountPath: /etc/config\n          readOnly: true\n",
            50 * (1 + dice.below(40)),
            64 * (1 + dice.below(32))
        );
    }
    out.push_str("      volumes:\n      - name: config\n        configMap:\n          name: shared-config\n      terminationGracePeriodSeconds: 30\n");
}

fn definition(out: &mut String, dice: &mut Dice) {
    let name = head(out, dice, "apiextensions.k8s.io/v1", "CustomResourceDefinition");
    let _ = write!(
        out,
        "spec:\n  group: example.com\n  names:\n    kind: Thing\n    plural: {name}\n  scope: Namespaced\n  versions:\n  - name: v1\n    \
         served: true\n    storage: true\n    schema:\n      openAPIV3Schema:\n        type: object\n        properties:\n"
    );
    for n in 0..40 + dice.below(80) {
        let _ = write!(
            out,
            "          {}{}{n}:\n            description: |-\n              {} is the name of the {} that this {} refers to, if any.\n              \
             More info: https://example.com/docs/{}\n            type: string\n            maxLength: {}\n            enum:\n            \
             - {}\n            - {}\n",
            dice.word(),
            dice.word(),
            dice.word(),
            dice.word(),
            dice.word(),
            dice.word(),
            dice.below(255),
            dice.word(),
            dice.word()
        );
    }
}

fn config_map(out: &mut String, dice: &mut Dice) {
    head(out, dice, "v1", "ConfigMap");
    out.push_str("data:\n");
    for n in 0..=dice.below(3) {
        let _ = writeln!(out, "  {}-{n}.conf: |", dice.word());
        for _ in 0..10 + dice.below(60) {
            let _ = writeln!(
                out,
                "    {}.{} = \"{}\"  # set by {}",
                dice.word(),
                dice.word(),
                dice.below(1_000_000),
                dice.word()
            );
        }
    }
}

fn service(out: &mut String, dice: &mut Dice) {
    let name = head(out, dice, "v1", "Service");
    let _ = write!(
        out,
        "spec:\n  type: ClusterIP\n  selector:\n    app: {name}\n  ports:\n  - name: http\n    port: 80\n    targetPort: {}\n    protocol: TCP\n",
        8000 + dice.below(1000)
    );
}

fn role(out: &mut String, dice: &mut Dice) {
    head(out, dice, "rbac.authorization.k8s.io/v1", "Role");
    out.push_str("rules:\n");
    for _ in 0..2 + dice.below(6) {
        let _ = write!(
            out,
            "- apiGroups: [\"\", apps]\n  resources:\n  - pods\n  - {}s\n  verbs: [get, list, watch, \"{}\"]\n",
            dice.word(),
            dice.word()
        );
    }
}

fn secret(out: &mut String, dice: &mut Dice) {
    head(out, dice, "v1", "Secret");
    out.push_str("type: Opaque\ndata:\n");
    for n in 0..1 + dice.below(4) {
        let _ = writeln!(out, "  {}-{n}: {:016x}{:016x}==", dice.word(), dice.next(), dice.next());
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_reads_without_a_word() {
        let text: std::sync::Arc<str> = super::mixed(200_000).into();
        let mut out = source::Diagnostics::new();
        let options = yaml::Options::new(yaml::Profile::Kubernetes);
        let docs = yaml::read(source::SourceId(0), &text, &options, &mut out);
        assert!(out.is_empty() && docs.len() > 50, "{:?}", out.iter().next());
    }
}
