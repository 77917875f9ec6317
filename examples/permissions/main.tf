# Who may do what with skewcheck, and nothing beyond: one role for each deed, and the deeds of each
# job. docs/permissions.md explains both.
#
#   terraform apply -var=project=acme-staging \
#     -var='members={gate=["serviceAccount:skewcheck-gate@acme-staging.iam.gserviceaccount.com"]}'

terraform {
  required_version = ">= 1.5"
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 5.0"
    }
  }
}

variable "project" {
  description = "The project that the Cloud Run services are in."
  type        = string
}

variable "members" {
  description = "Who has which job: gate, deploy, serve or set-up."
  type        = map(list(string))
  validation {
    condition     = alltrue([for job in keys(var.members) : contains(["gate", "deploy", "serve", "set-up"], job)])
    error_message = "The jobs are gate, deploy, serve and set-up."
  }
}

variable "private_services" {
  description = "Services that ask callers for an identity: their regions, by name."
  type        = map(string)
  default     = {}
}

variable "runtime_service_accounts" {
  description = "The addresses of the service accounts that revisions run as, for redeploys."
  type        = list(string)
  default     = []
}

locals {
  permissions = {
    read = [
      "run.services.get",
      "run.services.list",
      "run.revisions.get",
      "run.revisions.list",
    ]
    logs = [
      "logging.logEntries.list",
    ]
    discover = [
      "compute.urlMaps.list",
      "compute.backendServices.list",
      "compute.backendBuckets.list",
      "compute.networkEndpointGroups.list",
      "compute.regionNetworkEndpointGroups.list",
    ]
    redeploy = [
      "run.services.update",
      "run.operations.get",
      "run.revisions.delete",
      "iam.serviceAccounts.actAs",
    ]
    trigger = [
      "cloudbuild.builds.create",
      "cloudbuild.builds.get",
      "cloudbuild.builds.list",
    ]
    invalidate = [
      "compute.urlMaps.invalidateCache",
      "compute.urlMaps.get",
      "compute.globalOperations.get",
    ]
    probe = [
      "run.routes.invoke",
    ]
  }
  jobs = {
    gate   = ["read", "probe"]
    deploy = ["read", "probe", "redeploy", "trigger", "invalidate"]
    serve  = ["read", "probe", "logs"]
    set-up = ["read", "logs", "discover"]
  }

  # These two are granted on less than the project, below.
  act_as     = "iam.serviceAccounts.actAs"
  on_project = setsubtract(keys(local.permissions), ["probe"])

  # One for each member and deed, however many jobs bring it.
  grants = {
    for grant in distinct(flatten([
      for job, members in var.members : [
        for pair in setproduct(local.jobs[job], members) : { deed = pair[0], member = pair[1] }
      ]
    ])) : "${grant.deed} ${grant.member}" => grant
  }
}

resource "google_project_iam_custom_role" "deed" {
  for_each    = local.permissions
  project     = var.project
  role_id     = "skewcheck_${each.key}"
  title       = "skewcheck: ${each.key}"
  permissions = setsubtract(each.value, [local.act_as])
}

resource "google_project_iam_member" "deed" {
  for_each = { for name, grant in local.grants : name => grant if contains(local.on_project, grant.deed) }
  project  = var.project
  role     = google_project_iam_custom_role.deed[each.value.deed].name
  member   = each.value.member
}

# A redeploy makes revisions that run as these accounts, and as no others.
resource "google_service_account_iam_member" "act_as" {
  for_each = {
    for pair in setproduct(var.runtime_service_accounts, lookup(var.members, "deploy", [])) :
    "${pair[0]} ${pair[1]}" => { account = pair[0], member = pair[1] }
  }
  service_account_id = "projects/${var.project}/serviceAccounts/${each.value.account}"
  role               = "roles/iam.serviceAccountUser"
  member             = each.value.member
}

# A probe may call the services that are named, and no others.
resource "google_cloud_run_v2_service_iam_member" "probe" {
  for_each = {
    for pair in setproduct(
      keys(var.private_services), [for grant in local.grants : grant.member if grant.deed == "probe"]
    ) : "${pair[0]} ${pair[1]}" => { service = pair[0], member = pair[1] }
  }
  project  = var.project
  location = var.private_services[each.value.service]
  name     = each.value.service
  role     = google_project_iam_custom_role.deed["probe"].name
  member   = each.value.member
}
