//! What a server would refuse, as names that configurations and people use. The examples run as tests.

use source::{Code, code};

code! {
    /// A field that the object's kind does not have.
    ///
    /// The server refuses unknown fields in a strict request, which is what kubectl sends; otherwise it would drop them silently, and the
    /// setting would have no effect. Names are case-sensitive. Most often the name is misspelt, or the field stands at the
    /// wrong depth.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web}
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   strategy:
    ///     rollingUpdate:
    ///       matchSurge: 25% #! `matchSurge` is not a field of a rolling update deployment
    ///   template:
    ///     metadata: {labels: {app: web}}
    ///     spec:
    ///       containers: [{name: web, image: nginx}]
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web}
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   strategy:
    ///     rollingUpdate:
    ///       maxSurge: 25%
    ///   template:
    ///     metadata: {labels: {app: web}}
    ///     spec:
    ///       containers: [{name: web, image: nginx}]
    /// ```
    pub static UNKNOWN_FIELD = "unknown-field", Error;

    /// A value of another type than the field takes.
    ///
    /// YAML decides by its looks what a bare word is: `8080` is a number, `yes` a boolean, `1.10` the number 1.1. Fields are strict
    /// about it: a label or an environment variable has to be a string, so quote what looks like something else.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: settings}
    /// data:
    ///   port: 8080 #! `port` must be a string, not the number `8080`
    ///   debug: yes #! `debug` must be a string, not the boolean `yes`
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: settings}
    /// data:
    ///   port: "8080"
    ///   debug: "yes"
    /// ```
    pub static WRONG_TYPE = "wrong-type", Error;

    /// A key that is set both in a map and by a `<<` merge into it.
    ///
    /// YAML lets one override the other, but the server's reader counts them as the same key written twice, and refuses both.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   labels: &common
    ///     app: web
    /// data:
    ///   <<: *common
    ///   app: api #! `app` is set here and by a merge
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   labels: &common
    ///     app: web
    /// data:
    ///   <<: *common
    ///   port: "8080"
    /// ```
    pub static DUPLICATE_FIELD = "duplicate-field", Error;

    /// A field that must be there is not.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web}
    /// spec:
    ///   containers:
    ///   - image: nginx #! `name` is missing in a container
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web}
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: nginx
    /// ```
    pub static REQUIRED_FIELD_MISSING = "required-field-missing", Error;

    /// A value that is none of those the field may have.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web}
    /// spec:
    ///   restartPolicy: always #! `restartPolicy` cannot be `always`
    ///   containers: [{name: web, image: nginx}]
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web}
    /// spec:
    ///   restartPolicy: Always
    ///   containers: [{name: web, image: nginx}]
    /// ```
    pub static ENUM_VALUE = "enum-value", Error;

    /// Two items of a list whose items must differ.
    ///
    /// The items of many lists are told apart by a key such as `name`: two of the same key could not be merged.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web}
    /// spec:
    ///   containers:
    ///   - {name: web, image: nginx}
    ///   - {name: web, image: envoy} #! two items of `containers` have the name `web`
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web}
    /// spec:
    ///   containers:
    ///   - {name: web, image: nginx}
    ///   - {name: proxy, image: envoy}
    /// ```
    pub static DUPLICATE_ITEM = "duplicate-item", Error;

    /// A kind that its API version does not have.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Replicaset #! there is no kind `Replicaset` in apps/v1
    /// metadata: {name: web}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ServiceAccount
    /// metadata: {name: web}
    /// ```
    pub static UNKNOWN_KIND = "unknown-kind", Error;

    /// A group or version that the kind does not belong to.
    ///
    /// ```yaml bad
    /// apiVersion: v1 #! there is no kind `Deployment` in v1
    /// kind: Deployment
    /// metadata: {name: web}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ServiceAccount
    /// metadata: {name: web}
    /// ```
    pub static WRONG_API_VERSION = "wrong-api-version", Error;

    /// An API version that the server no longer has.
    ///
    /// Old versions are deprecated, and some releases later removed. What replaced them often renamed or required fields: read the
    /// object again after changing the version.
    ///
    /// ```yaml bad
    /// apiVersion: extensions/v1beta1 #! `Deployment` of extensions/v1beta1 is gone since Kubernetes 1.16
    /// kind: Deployment
    /// metadata: {name: web}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ServiceAccount
    /// metadata: {name: web}
    /// ```
    pub static API_REMOVED = "api-version-removed", Error;

    /// An API version that a server has only where it is switched on.
    ///
    /// Alpha and beta versions are off by default. This is an error only where `--cluster-state` says what the cluster has.
    pub static API_NOT_SERVED = "api-not-served", Error;

    /// A kind of a group that is not known.
    ///
    /// Custom resources are judged by their CustomResourceDefinition: put it into the same input, or name it with `--crds`. Without it
    /// nothing can be said of these objects. One note a kind.
    pub static GROUP_UNKNOWN = "group-unknown", Note;

    /// The name of an object, or the beginning of one, has a form that its kind does not take.
    ///
    /// Most names are DNS names: lower-case letters, digits, `-` and, for most kinds, `.`; they begin and end with a letter
    /// or a digit.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: My_Settings #! `My_Settings` is no name for a ConfigMap
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: my-settings
    /// ```
    pub static INVALID_NAME = "invalid-name", Error;

    /// A label, an annotation or a selector whose key or value has a form that is not allowed.
    ///
    /// A key is a name of at most 63 characters, with a DNS name and `/` before it if need be. The value of a label has at most 63
    /// characters: letters, digits, `-`, `_` and `.`, with a letter or a digit at both ends. Values of annotations are free.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   labels:
    ///     team: web & mobile #! `web & mobile` is no value for a label
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   labels:
    ///     team: web-and-mobile
    /// ```
    pub static INVALID_LABEL = "invalid-label", Error;

    /// A value that its field does not take, though the type is right.
    ///
    /// Of custom resources that is what the CustomResourceDefinition says: patterns, formats, lengths, ranges.
    ///
    /// ```yaml bad
    /// apiVersion: apiextensions.k8s.io/v1
    /// kind: CustomResourceDefinition
    /// metadata: {name: tasks.example.com}
    /// spec:
    ///   group: example.com
    ///   names: {kind: Task, plural: tasks}
    ///   scope: Namespaced
    ///   versions:
    ///   - name: v1
    ///     served: true
    ///     storage: true
    ///     schema:
    ///       openAPIV3Schema:
    ///         type: object
    ///         properties:
    ///           spec:
    ///             type: object
    ///             properties:
    ///               retries: {type: integer, maximum: 5}
    /// ---
    /// apiVersion: example.com/v1
    /// kind: Task
    /// metadata: {name: nightly}
    /// spec:
    ///   retries: 6 #! `retries` must be at most 5
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ServiceAccount
    /// metadata: {name: web}
    /// ```
    pub static INVALID_VALUE = "invalid-value", Error;

    /// A name that leads to nothing in the same object.
    ///
    /// A container mounts a volume that its Pod does not have, or uses a claim that is not there. A volume with a fault of its
    /// own cannot be mounted either.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web}
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: nginx
    ///     volumeMounts:
    ///     - {name: cahce, mountPath: /cache} #! the Pod has no usable volume `cahce`
    ///   volumes:
    ///   - {name: cache, emptyDir: {}}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web}
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: nginx
    ///     volumeMounts:
    ///     - {name: cache, mountPath: /cache}
    ///   volumes:
    ///   - {name: cache, emptyDir: {}}
    /// ```
    pub static NOT_FOUND = "name-not-found", Error;

    /// An object in a namespace that the cluster does not have.
    ///
    /// Only judged with `--cluster-state`, which says what the cluster has. A Namespace earlier in the same input counts.
    pub static NAMESPACE_NOT_FOUND = "namespace-not-found", Error;

    /// A value that a JSON Schema does not allow.
    ///
    /// Objects are judged by JSON Schemas only where `--schema-location` names some. The message is what the schema says; what
    /// the built-in tables would say is not asked.
    pub static SCHEMA_VIOLATION = "schema-violation", Error;

    /// A JSON Schema of `--schema-location` that cannot be used.
    ///
    /// It is no JSON, no schema, or refers to what is not there. Nothing is fetched: references to other files work, addresses
    /// of the network do not.
    pub static SCHEMA_UNUSABLE = "schema-unusable", Error;

    /// A schema of a CustomResourceDefinition that does not say plainly which fields there are.
    ///
    /// The server drops fields that it does not know, so that it has to know them all: every field has a type, and `allOf`, `anyOf`,
    /// `oneOf` and `not` only restrict values of fields that are described outside of them.
    ///
    /// ```yaml bad
    /// apiVersion: apiextensions.k8s.io/v1
    /// kind: CustomResourceDefinition
    /// metadata: {name: tasks.example.com}
    /// spec:
    ///   group: example.com
    ///   names: {kind: Task, plural: tasks}
    ///   scope: Namespaced
    ///   versions:
    ///   - name: v1
    ///     served: true
    ///     storage: true
    ///     schema:
    ///       openAPIV3Schema:
    ///         type: object
    ///         properties:
    ///           spec:
    ///             type: object
    ///             anyOf:
    ///             - type: object #! `type` must stand outside of `allOf`, `anyOf`, `oneOf` and `not`
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ServiceAccount
    /// metadata: {name: web}
    /// ```
    pub static SCHEMA_NOT_STRUCTURAL = "schema-not-structural", Error;

    /// A CustomResourceDefinition that cannot be compiled.
    ///
    /// Its custom resources are not judged against it.
    ///
    /// ```yaml bad
    /// apiVersion: apiextensions.k8s.io/v1
    /// kind: CustomResourceDefinition
    /// metadata: {name: tasks.example.com}
    /// spec:
    ///   group: example.com
    ///   names: {kind: Task, plural: tasks}
    ///   scope: Namespaced
    ///   versions:
    ///   - name: v1
    ///     served: true
    ///     storage: true
    ///     schema:
    ///       openAPIV3Schema:
    ///         type: object
    ///         properties:
    ///           spec:
    ///             type: string
    ///             pattern: "(" #! the pattern `(` cannot be compiled: unclosed group
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ServiceAccount
    /// metadata: {name: web}
    /// ```
    pub static CRD_INVALID = "crd-invalid", Error;
}

/// All codes of this stage.
pub static ALL: &[&Code] = &[
    &UNKNOWN_FIELD,
    &WRONG_TYPE,
    &DUPLICATE_FIELD,
    &REQUIRED_FIELD_MISSING,
    &ENUM_VALUE,
    &DUPLICATE_ITEM,
    &UNKNOWN_KIND,
    &WRONG_API_VERSION,
    &API_REMOVED,
    &API_NOT_SERVED,
    &GROUP_UNKNOWN,
    &INVALID_NAME,
    &INVALID_LABEL,
    &INVALID_VALUE,
    &NOT_FOUND,
    &NAMESPACE_NOT_FOUND,
    &SCHEMA_VIOLATION,
    &SCHEMA_UNUSABLE,
    &SCHEMA_NOT_STRUCTURAL,
    &CRD_INVALID,
];
